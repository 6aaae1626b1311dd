using System.Globalization;
using Npgsql;
using Platform.Local.Processes;

namespace Platform.Local.Servers;

/// <summary>A private PostgreSQL cluster on 127.0.0.1, in a folder of its own, run by an unprivileged user.</summary>
public sealed class PostgresCluster(string directory, int port, string superuserPassword, bool durable = true)
{
    public const string ProcessName = "postgres";

    private readonly UnprivilegedUser? _user = UnprivilegedUser.For("postgres");

    /// <summary>Connection string of the cluster's superuser, to make roles and databases with.</summary>
    public string Superuser => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = "postgres",
        Password = superuserPassword,
        Database = "postgres",
        Timeout = 5,
        Pooling = false,
    }.ConnectionString;

    /// <summary>The newest installed server's programs, or null.</summary>
    public static string? FindPrograms() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(d => Path.Combine(d, "bin"))
                .FirstOrDefault(d => File.Exists(Path.Combine(d, "postgres")))
            : null;

    /// <summary>Makes the cluster when there is none, starts it and waits until it answers.</summary>
    /// <param name="started">Told of the process before it is ready, so that an interrupted start leaves nothing unknown.</param>
    public async Task<RunningProcess> StartAsync(string logDirectory, Action<RunningProcess>? started = null)
    {
        var programs = FindPrograms() ?? throw new LocalException("PostgreSQL is not installed: apt-get install postgresql");
        var data = Path.Combine(directory, "data");
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
            await CreateAsync(programs, data);
        List<string> command =
        [
            Path.Combine(programs, "postgres"), "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200",
        ];
        if (!durable)
            command.AddRange(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        var process = Launcher.Start(new(ProcessName, command, new Dictionary<string, string>(), User: _user), logDirectory);
        started?.Invoke(process);
        await WaitReadyAsync(process);
        return process;
    }

    public Task WaitReadyAsync(RunningProcess process) => Launcher.WaitReadyAsync(process, IsUpAsync, TimeSpan.FromSeconds(60));

    private async Task CreateAsync(string programs, string data)
    {
        Directory.CreateDirectory(directory);
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        var passwordFile = Path.Combine(directory, "password");
        Home.WriteSecret(passwordFile, superuserPassword);
        _user?.Own(directory);
        IReadOnlyList<string> initdb =
        [
            Path.Combine(programs, "initdb"), "-D", data, "-U", "postgres", "--auth=scram-sha-256", $"--pwfile={passwordFile}",
            "--encoding=UTF8", "--locale=C", "--no-instructions",
        ];
        try
        {
            await Launcher.RunAsync("initdb", _user?.Wrap(initdb) ?? initdb);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private async Task<bool> IsUpAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Superuser);
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            return false;
        }
    }
}
