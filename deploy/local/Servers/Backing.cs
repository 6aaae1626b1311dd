using System.Globalization;
using Npgsql;
using Platform.Local.Packages;
using Platform.Local.Processes;

namespace Platform.Local.Servers;

/// <summary>Where the broker is and who we are there. <paramref name="Management"/> is null where there is no API for users.</summary>
public sealed record Broker(string Host, int Port, string VirtualHost, Uri? Management);

/// <summary>PostgreSQL and RabbitMQ: private ones, or those that <c>PLATFORM_POSTGRES</c> and <c>PLATFORM_RABBITMQ</c> name.</summary>
public sealed class Backing(Home home, LocalState state, ProcessTable processes)
{
    private const string PostgresPort = "postgres";
    private static readonly string[] RabbitPortNames = ["rabbitmq", "rabbitmq-management", "rabbitmq-distribution", "epmd"];

    public static string? ExternalPostgres => NotEmpty("PLATFORM_POSTGRES");

    public static string? ExternalRabbit => NotEmpty("PLATFORM_RABBITMQ");

    public string DatabaseName => ExternalPostgres is null ? "platform" : $"platform_{home.Tag}";

    /// <summary>A role's login name; on a server that is not ours alone it carries the home's tag.</summary>
    public string Role(string role) => ExternalPostgres is null ? $"platform_{role}" : $"platform_{home.Tag}_{role}";

    /// <summary>Packages that a private server needs and this machine lacks.</summary>
    public static IReadOnlyList<string> MissingPackages()
    {
        List<string> missing = [.. MissingForTests()];
        if (ExternalPostgres is not null)
            missing.Remove("postgresql");
        if (ExternalRabbit is not null)
            missing.Remove("rabbitmq-server");
        return missing;
    }

    public static Task InstallAsync() => AptPackages.EnsureAsync(MissingPackages());

    /// <summary>What tests need: they always start servers of their own.</summary>
    public static IReadOnlyList<string> MissingForTests()
    {
        var missing = new List<string>();
        if (PostgresCluster.FindPrograms() is null)
            missing.Add("postgresql");
        if (!RabbitNode.IsInstalled)
            missing.Add("rabbitmq-server");
        return missing;
    }

    /// <summary>The connection string of whoever may create roles and databases.</summary>
    public string Superuser => ExternalPostgres is { } given ? ParsePostgres(given) : Cluster().Superuser;

    /// <summary>Gives stopped servers other ports where somebody took theirs.</summary>
    public void ChoosePorts()
    {
        if (ExternalPostgres is null)
            ChoosePorts(PostgresCluster.ProcessName, [PostgresPort]);
        if (ExternalRabbit is null)
            ChoosePorts(RabbitNode.ProcessName, RabbitPortNames);
    }

    public async Task StartPostgresAsync()
    {
        if (ExternalPostgres is not null)
            return;
        if (processes.Find(PostgresCluster.ProcessName) is { } running)
            await Cluster().WaitReadyAsync(running);
        else
            await Cluster().StartAsync(home.LogDirectory, processes.Add);
    }

    public async Task StartRabbitAsync()
    {
        if (ExternalRabbit is not null)
            return;
        var ports = new RabbitPorts(state.Port("rabbitmq"), state.Port("rabbitmq-management"), state.Port("rabbitmq-distribution"), state.Port("epmd"));
        var node = new RabbitNode(ServerDirectory("rabbitmq"), ports, Users());
        if (processes.Find(RabbitNode.ProcessName) is { } running)
        {
            await node.WaitReadyAsync(running);
            return;
        }
        if (processes.Find(RabbitNode.PortMapperName) is { } orphan)
            await orphan.StopAsync(TimeSpan.FromSeconds(5));
        await node.StartAsync(home.LogDirectory, processes.Add);
    }

    public Broker Broker()
    {
        if (ExternalRabbit is not { } given)
            return new("127.0.0.1", state.Port("rabbitmq"), "/", new($"http://127.0.0.1:{state.Port("rabbitmq-management")}"));
        var uri = ParseRabbit(given);
        var virtualHost = uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : "/";
        var management = NotEmpty("PLATFORM_RABBITMQ_MANAGEMENT");
        return new(uri.Host, uri.Port > 0 ? uri.Port : 5672, virtualHost, management is null ? null : new(management));
    }

    /// <summary>Name and password at the broker for a purpose: <c>owner</c>, <c>control</c> or <c>management</c>.</summary>
    public (string User, string Password) BrokerLogin(string purpose)
    {
        if (ExternalRabbit is not { } given)
            return ($"platform-{purpose}", state.Secret($"broker-{purpose}"));
        var parts = ParseRabbit(given).UserInfo.Split(':', 2);
        return (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    public static bool BrokerUsesTls => ExternalRabbit is { } given && ParseRabbit(given).Scheme == "amqps";

    /// <summary>Deletes the private servers' data, and on an external PostgreSQL this home's database: without the home's master key it is of no use.</summary>
    public async Task DeleteServerDataAsync()
    {
        if (ExternalPostgres is not null)
            await DatabaseSetup.DropAsync(Superuser, DatabaseName);
        foreach (var directory in new[] { ServerDirectory("postgres"), ServerDirectory("rabbitmq") })
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true);
        }
    }

    private static string? NotEmpty(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static Uri ParseRabbit(string given) =>
        Uri.TryCreate(given, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps"
            ? uri
            : throw new LocalException("PLATFORM_RABBITMQ is not an address of the form amqp://user:password@host:port/vhost.");

    private static string ParsePostgres(string given)
    {
        if (!Uri.TryCreate(given, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            return given;
        var login = uri.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Username = Uri.UnescapeDataString(login[0]),
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
            Database = uri.AbsolutePath.Length > 1 ? uri.AbsolutePath[1..] : "postgres",
        }.ConnectionString;
    }

    private void ChoosePorts(string process, string[] names)
    {
        foreach (var name in names)
        {
            if (processes.Find(process) is null)
                state.RenewIfTaken(name);
            state.Port(name);
        }
    }

    private PostgresCluster Cluster() => new(ServerDirectory("postgres"), state.Port(PostgresPort), state.Secret("postgres"));

    /// <summary>
    /// A server's folder, inside the home where the server's user can get there; else under /var/lib, for a home below a
    /// closed folder such as /root.
    /// </summary>
    private string ServerDirectory(string server)
    {
        var user = UnprivilegedUser.For(server);
        if (user is null || user.CanReach(home.Directory))
            return Path.Combine(home.Directory, server);
        var elsewhere = string.Create(CultureInfo.InvariantCulture, $"/var/lib/platform-local/{home.Tag}");
        Directory.CreateDirectory(elsewhere);
        return Path.Combine(elsewhere, server);
    }

    private IReadOnlyList<BrokerUser> Users() =>
    [
        new(BrokerLogin("owner").User, BrokerLogin("owner").Password, "", ".*", ".*", ".*"),
        new(BrokerLogin("control").User, BrokerLogin("control").Password, "", "^(platform|control)[.].*", "^(platform|control)[.].*", "^(platform|control)[.].*"),
        new(BrokerLogin("management").User, BrokerLogin("management").Password, "administrator", "", "", ""),
    ];
}
