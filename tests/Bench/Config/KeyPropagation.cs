using System.Diagnostics;
using System.Text.Json;
using Platform.Bench.Figures;
using Platform.Bench.Seeding;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Local;
using Platform.Local.Demo;

namespace Platform.Bench.Config;

/// <summary>
/// Keys are made at a steady rate, whatever the answers take; each is asked for at both agents every 5 ms until both know
/// it, then revoked, and asked for until both refuse it.
/// </summary>
internal sealed class KeyPropagation(MeasuredPlatform stack, SeedPlan plan, BenchOptions options)
{
    private const double TargetMs = 1000;
    private const int MeasuredTenants = 70;
    private const int Warming = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly int _creations = options.Quick ? 50 : 200;

    /// <param name="writers">How many change other tenants all the while, each as fast as it can.</param>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(string name, int writers)
    {
        Console.WriteLine($"Keys: {_creations} creations at {1 / Interval.TotalSeconds:0}/s with {writers} writers beside ...");
        using var api = await stack.SignInAsync();
        using var agents = new AgentProbe(stack.Agents);
        var owners = await KeyOwner.FindAsync(api, plan.Tenants.Where(t => t.IsOpen));
        var run = new Run(name);
        foreach (var owner in owners.Take(Warming))
            await OnceAsync(api, agents, owner, new("warming"));
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var writing = Enumerable.Range(0, writers)
            .Select(w => WriteAsync(api, [.. owners.Skip(MeasuredTenants).Where((_, i) => i % writers == w)], stop.Token)).ToList();
        await CreateAllAsync(api, agents, [.. owners.Take(MeasuredTenants)], run);
        var took = clock.Elapsed;
        await stop.CancelAsync();
        var writes = (await Task.WhenAll(writing)).Sum();
        List<Figure> figures = [.. run.ToFigures(TargetMs)];
        if (writers > 0)
            figures.Add(Figure.Plain($"{name}.other-writes", writes / took.TotalSeconds, "1/s"));
        return figures;
    }

    private async Task CreateAllAsync(ControlApi api, AgentProbe agents, KeyOwner[] owners, Run run)
    {
        var open = new List<Task>();
        using var timer = new PeriodicTimer(Interval);
        for (var i = 0; i < _creations; i++)
        {
            open.Add(OnceAsync(api, agents, owners[i % owners.Length], run));
            await timer.WaitForNextTickAsync();
        }
        await Task.WhenAll(open);
    }

    private static async Task OnceAsync(ControlApi api, AgentProbe agents, KeyOwner owner, Run run)
    {
        var start = Stopwatch.GetTimestamp();
        var created = await owner.CreateAsync(api);
        var answered = Stopwatch.GetTimestamp();
        var known = await agents.WhenAsync(created.Key!, accepted: true);
        run.Answered.Add(Stopwatch.GetElapsedTime(start, answered));
        run.Enforced.Add(Stopwatch.GetElapsedTime(answered, known));
        run.EnforcedFromStart.Add(Stopwatch.GetElapsedTime(start, known));
        await owner.RevokeAsync(api, created.ApiKey.Id);
        var revoked = Stopwatch.GetTimestamp();
        run.Revoked.Add(Stopwatch.GetElapsedTime(revoked, await agents.WhenAsync(created.Key!, accepted: false)));
    }

    private static async Task<int> WriteAsync(ControlApi api, KeyOwner[] owners, CancellationToken stop)
    {
        var writes = 0;
        for (; !stop.IsCancellationRequested; writes += 2)
        {
            var owner = owners[writes / 2 % owners.Length];
            await owner.RevokeAsync(api, (await owner.CreateAsync(api)).ApiKey.Id);
        }
        return writes;
    }

    /// <summary>What one run collects.</summary>
    private sealed class Run(string name)
    {
        public Samples Answered { get; } = new($"{name}.create.answered");

        public Samples Enforced { get; } = new($"{name}.create.enforced");

        public Samples EnforcedFromStart { get; } = new($"{name}.create.enforced-from-start");

        public Samples Revoked { get; } = new($"{name}.revoke.enforced");

        public IEnumerable<Figure> ToFigures(double target) =>
        [
            .. Answered.ToFigures(),
            .. Enforced.ToFigures(target, held: 99),
            .. EnforcedFromStart.ToFigures(),
            .. Revoked.ToFigures(target, held: 99),
        ];
    }
}

/// <summary>A tenant whose keys are made and revoked over the API.</summary>
internal sealed record KeyOwner(string Path, ProjectId Project)
{
    public static async Task<IReadOnlyList<KeyOwner>> FindAsync(ControlApi api, IEnumerable<SeedTenant> tenants)
    {
        var owners = new List<KeyOwner>();
        foreach (var tenant in tenants)
        {
            var path = ControlApi.Tenant(new TenantId(tenant.Id));
            var projects = await api.GetAsync<JsonElement>($"{path}/projects?limit=1");
            owners.Add(new($"{path}/api-keys", ProjectId.From(projects.GetProperty("items")[0].GetProperty("id").GetGuid())));
        }
        return owners;
    }

    public Task<CreatedApiKeyAnswer> CreateAsync(ControlApi api) =>
        api.PostAsync<CreatedApiKeyAnswer>(Path, new CreateApiKeyRequest { Name = "bench", ProjectId = Project });

    public Task RevokeAsync(ControlApi api, ApiKeyId key) => api.PostAsync<ApiKeyAnswer>($"{Path}/{key}/revoke", null);
}

/// <summary>Asks agents whether they know a key, with the cheapest request that there is.</summary>
internal sealed class AgentProbe(IReadOnlyList<Uri> agents) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <returns>The time stamp of the last agent's first answer that is as awaited.</returns>
    /// <exception cref="LocalException">It did not come.</exception>
    public async Task<long> WhenAsync(string key, bool accepted) =>
        (await Task.WhenAll(agents.Select(a => WhenAsync(new(a, "/v1/models"), key, accepted ? 200 : 401)))).Max();

    public void Dispose() => _http.Dispose();

    private async Task<long> WhenAsync(Uri models, string key, int awaited)
    {
        var clock = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(clock) < Patience)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, models);
            request.Headers.Authorization = new("Bearer", key);
            using var answer = await _http.SendAsync(request);
            if ((int)answer.StatusCode == awaited)
                return Stopwatch.GetTimestamp();
            await Task.Delay(Pause);
        }
        throw new LocalException($"{models} did not answer {awaited} within {Patience.TotalSeconds:0} s.");
    }
}
