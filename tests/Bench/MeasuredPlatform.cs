using System.Diagnostics;
using Npgsql;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Local;
using Platform.Local.Demo;
using Platform.Local.Processes;
using Platform.Local.Servers;
using Platform.Local.Stack;

namespace Platform.Bench;

/// <summary>The platform that is measured: it runs already, in a home of its own.</summary>
public sealed class MeasuredPlatform(Home home) : IDisposable
{
    private static readonly TimeSpan CatchUpPatience = TimeSpan.FromMinutes(3);

    public LocalPlatform Platform { get; } = new(home);

    public Uri Control => Platform.Specs.Url(ServiceNames.Control);

    public IReadOnlyList<Uri> Agents => [.. ServiceNames.Gateways.Select(Platform.Specs.Url)];

    public Task<ControlApi> SignInAsync() => ControlApi.SignInAsync(Control, BenchPlatform.Automation(Platform.State));

    public async Task<NpgsqlConnection> OpenAsOwnerAsync()
    {
        var backing = Platform.Backing;
        var connection = new NpgsqlConnection(DatabaseSetup.For(
            backing.Superuser, backing.DatabaseName, backing.Role("owner"), Platform.State.Secret("database-owner")));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary><c>Platform.Control rebuild</c>, as an operator runs it.</summary>
    public async Task<TimeSpan> RebuildAsync()
    {
        var clock = Stopwatch.StartNew();
        await Launcher.RunAsync("Control rebuild", Platform.Apps.Command("Control", "rebuild"), Platform.Specs.ControlEnvironment());
        return clock.Elapsed;
    }

    /// <summary>Waits until both agents have said that they hold the newest revision.</summary>
    public async Task<TimeSpan> CatchUpAsync()
    {
        var clock = Stopwatch.StartNew();
        using var api = await SignInAsync();
        while (true)
        {
            var agents = (await api.ListAsync<AgentAnswer>("/api/v1/agents")).Where(a => ServiceNames.Gateways.Contains(a.Name)).ToList();
            if (agents.Count == ServiceNames.Gateways.Count && agents.All(a => a.AppliedRevision == a.GroupRevision))
                return clock.Elapsed;
            if (clock.Elapsed > CatchUpPatience)
                throw new LocalException("The agents did not reach the newest revision: " + string.Join(", ", agents.Select(a => $"{a.Name} {a.AppliedRevision} of {a.GroupRevision}")));
            await Task.Delay(100);
        }
    }

    /// <summary>A shared pool that every tenant's models can name.</summary>
    public async Task<PoolId> SharedPoolAsync()
    {
        using var api = await SignInAsync();
        var pools = await api.ListAsync<PoolAnswer>($"{ControlApi.Tenant(TenantId.Platform)}/pools");
        return pools.Count > 0 ? pools[0].Id : throw new LocalException("The platform has no shared pool.");
    }

    public void Dispose() => Platform.Dispose();
}
