using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Local.Processes;

namespace Platform.Local.Servers;

/// <summary>A user of the broker, with the three expressions of its rights.</summary>
/// <param name="Tags">For example <c>administrator</c>.</param>
public sealed record BrokerUser(string Name, string Password, string Tags, string Configure, string Write, string Read);

/// <summary>Ports of a private node: AMQP, management, Erlang distribution, and its own port mapper.</summary>
public sealed record RabbitPorts(int Amqp, int Management, int Distribution, int PortMapper);

/// <summary>
/// A private RabbitMQ node on 127.0.0.1 with the management API. It has its own Erlang port mapper in the foreground, so
/// that nothing stays behind and no other node is disturbed.
/// </summary>
public sealed class RabbitNode(string directory, RabbitPorts ports, IReadOnlyList<BrokerUser> users)
{
    public const string ProcessName = "rabbitmq";
    public const string PortMapperName = "epmd";

    private const string Programs = "/usr/lib/rabbitmq/bin";

    private readonly UnprivilegedUser? _user = UnprivilegedUser.For("rabbitmq");

    public static bool IsInstalled => File.Exists(Programs + "/rabbitmq-server");

    /// <summary>Starts the port mapper and the node, and waits until the node takes connections.</summary>
    /// <param name="started">Told of each process before it is ready, so that an interrupted start leaves nothing unknown.</param>
    public async Task<IReadOnlyList<RunningProcess>> StartAsync(string logDirectory, Action<RunningProcess>? started = null)
    {
        if (!IsInstalled)
            throw new LocalException("RabbitMQ is not installed: apt-get install rabbitmq-server");
        Prepare();
        var mapper = Launcher.Start(
            new(PortMapperName, ["epmd", "-address", "127.0.0.1", "-port", Text(ports.PortMapper)], new Dictionary<string, string>(), User: _user),
            logDirectory);
        started?.Invoke(mapper);
        await Launcher.WaitReadyAsync(mapper, Accepts(ports.PortMapper), TimeSpan.FromSeconds(20));
        var node = Launcher.Start(
            new(ProcessName, [Programs + "/rabbitmq-server"], Environment(), WorkingDirectory: directory, User: _user), logDirectory);
        started?.Invoke(node);
        await WaitReadyAsync(node);
        return [mapper, node];
    }

    public async Task WaitReadyAsync(RunningProcess node)
    {
        await Launcher.WaitReadyAsync(node, Accepts(ports.Amqp), TimeSpan.FromSeconds(90));
        await Launcher.WaitReadyAsync(node, Accepts(ports.Management), TimeSpan.FromSeconds(30));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Func<CancellationToken, Task<bool>> Accepts(int port) => async cancellation =>
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellation);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    };

    private void Prepare()
    {
        Home.MakeDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{ports.Amqp}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {ports.Management}
            management_agent.disable_metrics_collector = true
            load_definitions = {directory}/definitions.json
            log.console = true
            log.console.level = warning
            log.file = false
            vm_memory_high_watermark.absolute = 1GB
            disk_free_limit.absolute = 200MB
            """);
        File.WriteAllText(Path.Combine(directory, "enabled_plugins"), "[rabbitmq_management].\n");
        Home.WriteSecret(Path.Combine(directory, "definitions.json"), Definitions());
        var cookie = Path.Combine(directory, ".erlang.cookie");
        if (!File.Exists(cookie))
        {
            Home.WriteSecret(cookie, RandomNumberGenerator.GetHexString(40));
            File.SetUnixFileMode(cookie, UnixFileMode.UserRead);
        }
        _user?.Own(directory);
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["HOME"] = directory,
        // Makes the start script become the Erlang machine instead of waiting for it, so that the process we know is the broker.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
        ["RABBITMQ_NODENAME"] = "platform@localhost",
        ["RABBITMQ_CONFIG_FILE"] = directory + "/rabbitmq.conf",
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = directory + "/enabled_plugins",
        ["RABBITMQ_MNESIA_BASE"] = directory + "/data",
        ["RABBITMQ_LOG_BASE"] = directory + "/log",
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = directory + "/generated",
        ["RABBITMQ_PID_FILE"] = directory + "/pid",
        ["RABBITMQ_CONF_ENV_FILE"] = directory + "/none",
        ["RABBITMQ_DIST_PORT"] = Text(ports.Distribution),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_EPMD_PORT"] = Text(ports.PortMapper),
    };

    private string Definitions() => JsonSerializer.Serialize(new
    {
        vhosts = new[] { new { name = "/" } },
        users = users.Select(u => new
        {
            name = u.Name,
            password_hash = PasswordHash(u.Password),
            hashing_algorithm = "rabbit_password_hashing_sha256",
            tags = u.Tags,
        }),
        permissions = users.Where(u => u.Configure + u.Write + u.Read != "")
            .Select(u => new { user = u.Name, vhost = "/", configure = u.Configure, write = u.Write, read = u.Read }),
    });

    /// <summary>RabbitMQ's form: base64 of a 4-byte salt and SHA-256 of salt and password.</summary>
    private static string PasswordHash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(4);
        return Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])]);
    }
}
