using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Bench.Figures;
using Platform.Bench.Seeding;
using Platform.Contracts.Ids;
using Platform.Local;
using Platform.Local.Demo;

namespace Platform.Bench.Config;

/// <summary>
/// Pages of lists, one after another, while nothing else is asked: from the request to the last byte. A page that is not
/// what its name says misses its target.
/// </summary>
internal sealed class ListPages(MeasuredPlatform stack, SeedPlan plan, BenchOptions options)
{
    private const double TargetMs = 50;
    private const int Warming = 20;
    private const int PageLimit = 200;

    private readonly int _requests = options.Quick ? 60 : 200;

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        Console.WriteLine($"Lists: {_requests} requests for each page ...");
        using var api = await stack.SignInAsync();
        var figures = new List<Figure>();
        foreach (var (name, path) in await PagesAsync(api))
        {
            using var probe = await GetAsync(api, path);
            if (await FaultAsync(probe, path) is { } fault)
            {
                Console.WriteLine($"  {name} cannot be measured: {fault}.");
                figures.Add(Figure.Missed(TargetMs, $"{name}.p95", "ms"));
            }
            else
                figures.AddRange(await MeasureAsync(api, name, path));
        }
        return figures;
    }

    private async Task<IEnumerable<(string Name, string Path)>> PagesAsync(ControlApi api)
    {
        const string tenants = "/api/v1/tenants";
        var large = ControlApi.Tenant(new TenantId(plan.Large.Id));
        var projects = await IdsAsync(api, $"{large}/projects?limit=1");
        return
        [
            ("list.tenants.first", tenants),
            ("list.tenants.deep", await DeepAsync(api, tenants, plan.Tenants.Count * 9 / 10)),
            ("list.tenants.by-name", $"{tenants}?sort=name"),
            ("list.tenants.search", $"{tenants}?q=aurora"),
            ("list.tenants.rare-search", $"{tenants}?q={plan.Tenants.Count - 7:00000}"),
            ("list.keys.first", $"{large}/api-keys"),
            ("list.keys.deep", await DeepAsync(api, $"{large}/api-keys", plan.Large.Keys * 9 / 10)),
            ("list.keys.by-name", $"{large}/api-keys?sort=name"),
            ("list.keys.search", $"{large}/api-keys?q=key-09"),
            ("list.keys.of-project", $"{large}/api-keys?projectId={projects.First()}"),
            ("list.projects.first", $"{large}/projects"),
            ("list.projects.by-name", $"{large}/projects?sort=name"),
            ("list.models.first", $"{large}/models"),
            ("list.members.first", $"{large}/members"),
            ("list.pools.first", $"{large}/pools"),
            ("list.audit-events.first", $"{large}/audit-events"),
            ("list.audit-events.newest", $"{large}/audit-events?sort=-createdAt"),
        ];
    }

    /// <summary>Why a page is not what its name says; null when it is.</summary>
    private static async Task<string?> FaultAsync(HttpResponseMessage answer, string path)
    {
        if (!answer.IsSuccessStatusCode)
            return $"Control answers {(int)answer.StatusCode}";
        var items = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray().ToList();
        if (items.Count == 0)
            return "the page is empty";
        var text = path.Split("?q=").ElementAtOrDefault(1);
        return text is not null && items.Any(i => !i.GetProperty("name").GetString()!.Contains(text, StringComparison.OrdinalIgnoreCase))
            ? "Control does not search there"
            : null;
    }

    private async Task<IEnumerable<Figure>> MeasureAsync(ControlApi api, string name, string path)
    {
        var samples = new Samples(name);
        for (var i = -Warming; i < _requests; i++)
        {
            var clock = Stopwatch.GetTimestamp();
            using var answer = await GetAsync(api, path);
            var took = Stopwatch.GetElapsedTime(clock);
            if (!answer.IsSuccessStatusCode)
                throw new LocalException($"Control answered {(int)answer.StatusCode} to {path}.");
            if (i >= 0)
                samples.Add(took);
        }
        return samples.ToFigures(TargetMs, held: 95);
    }

    /// <summary>The page that begins after so many rows.</summary>
    private static async Task<string> DeepAsync(ControlApi api, string path, int rows)
    {
        string? cursor = null;
        for (var seen = 0; seen < rows; seen += PageLimit)
        {
            var page = await api.GetAsync<JsonElement>($"{path}?limit={PageLimit}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            if (!page.TryGetProperty("nextCursor", out var next) || next.GetString() is not { } further)
                break;
            cursor = further;
        }
        return cursor is null ? path : $"{path}?cursor={Uri.EscapeDataString(cursor)}";
    }

    private static async Task<IEnumerable<Guid>> IdsAsync(ControlApi api, string path) =>
        (await api.GetAsync<JsonElement>(path)).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid());

    private static async Task<HttpResponseMessage> GetAsync(ControlApi api, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await api.SendAsync(request);
    }
}
