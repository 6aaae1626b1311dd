using System.Security.Cryptography;
using System.Text.Json;
using Platform.Local.Build;
using Platform.Local.Demo;
using Platform.Local.Processes;
using Platform.Local.Servers;

namespace Platform.Local.Stack;

/// <summary>All parts of a local platform; starts and stops each by name.</summary>
public sealed class LocalPlatform : IDisposable
{
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public LocalPlatform(Home home)
    {
        Home = home;
        State = LocalState.Load(home);
        Processes = new(home);
        Apps = new(home);
        Backing = new(home, State, Processes);
        Arm = new(home);
        Specs = new(home, State, Backing, Apps, Arm);
    }

    public Home Home { get; }

    public LocalState State { get; }

    public ProcessTable Processes { get; }

    public PublishedApps Apps { get; }

    public ArmAgent Arm { get; }

    public Backing Backing { get; }

    public ServiceSpecs Specs { get; }

    /// <summary>Starts a service of ours unless it runs, and waits until it is ready.</summary>
    public async Task StartAsync(string service)
    {
        if (service == PostgresCluster.ProcessName)
            await Backing.StartPostgresAsync();
        else if (service == RabbitNode.ProcessName)
            await Backing.StartRabbitAsync();
        else
            await LaunchAsync(service);
    }

    /// <summary>Starts a service without waiting for it.</summary>
    public RunningProcess Launch(string service)
    {
        var process = Launcher.Start(Specs.For(service), Home.LogDirectory);
        Processes.Add(process);
        return process;
    }

    /// <summary>Stops a process of this home; true when it went by itself.</summary>
    public async Task<bool> StopAsync(string name)
    {
        if (Processes.Find(name) is not { } process)
            return true;
        // PostgreSQL's INT is its fast shutdown (documentation, section 19.5): it does not wait for clients.
        var clean = await process.StopAsync(TimeSpan.FromSeconds(40), name == PostgresCluster.ProcessName ? "INT" : "TERM");
        Processes.Remove(name);
        if (name == RabbitNode.ProcessName)
            await StopAsync(RabbitNode.PortMapperName);
        return clean;
    }

    /// <summary>Ends a process without warning.</summary>
    public async Task KillAsync(string name)
    {
        if (Processes.Find(name) is not { } process)
            throw new LocalException($"{name} is not running.");
        await process.StopAsync(TimeSpan.Zero, "KILL");
    }

    /// <summary>Makes the database and its owner, and applies the migrations as the owner.</summary>
    public async Task MigrateAsync()
    {
        var owner = await DatabaseSetup.EnsureAsync(
            Backing.Superuser, Backing.DatabaseName, Backing.Role("owner"), State.Secret("database-owner"));
        await Launcher.RunAsync("migrations", Apps.Command("Migrations"), Specs.MigrationsEnvironment(owner));
    }

    /// <summary>Makes the first users and clients; returns the demo tenant's id.</summary>
    public async Task<Guid> BootstrapAsync(DemoLogin operatorLogin, DemoLogin admin, DemoClient automation)
    {
        var input = JsonSerializer.Serialize(Specs.Bootstrap(operatorLogin, admin, automation));
        var output = await Launcher.RunAsync("Control bootstrap", Apps.Command("Control", "bootstrap"), Specs.ControlEnvironment(), input);
        using var json = JsonDocument.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..]);
        return json.RootElement.GetProperty("tenantId").GetGuid();
    }

    public void EnsureMasterKey()
    {
        var file = Path.Combine(Home.Directory, "master.key");
        if (!File.Exists(file))
            Home.WriteSecret(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }

    public void Dispose() => _http.Dispose();

    private async Task LaunchAsync(string service)
    {
        var process = Processes.Find(service) ?? Launch(service);
        await Launcher.WaitReadyAsync(process, Launcher.Answers(_http, Specs.For(service).ReadyUrl!), ReadyPatience);
    }
}
