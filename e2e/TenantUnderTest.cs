using System.Globalization;
using CsvHelper;
using Platform.Contracts.Api;
using Platform.Local.Demo;

namespace Platform.E2E;

/// <summary>One line of the usage export.</summary>
internal sealed record ExportedRecord(Guid Id, long InputTokens, long CachedInputTokens, long OutputTokens, string UsageSource, int Status);

/// <summary>A tenant of one test's own, with a project and a key, so that its usage is that test's alone.</summary>
internal sealed class TenantUnderTest : IDisposable
{
    private const string EntryReason = "a test of the whole system";

    private readonly ControlApi _api;
    private readonly HttpClient _http;

    private TenantUnderTest(ControlApi api, HttpClient http, TenantAnswer tenant, CreatedApiKeyAnswer key) =>
        (_api, _http, Tenant, Key) = (api, http, tenant, key.Key!);

    public TenantAnswer Tenant { get; }

    public string Key { get; }

    public static async Task<TenantUnderTest> CreateAsync(WholeSystem system)
    {
        var slug = "t-" + Guid.NewGuid().ToString("N")[..12];
        var api = await ControlApi.SignInAsync(system.Demo.ControlUrl, system.Demo.Automation);
        var tenant = await api.PostAsync<TenantAnswer>("/api/v1/tenants", new CreateTenantRequest { Name = slug, Slug = slug });
        var path = ControlApi.Tenant(tenant.Id);
        using var inside = await api.EnterAsync(tenant.Id, EntryReason);
        var project = await inside.PostAsync<ProjectAnswer>($"{path}/projects", new ProjectRequest { Name = "main" });
        var key = await inside.PostAsync<CreatedApiKeyAnswer>(
            $"{path}/api-keys", new CreateApiKeyRequest { Name = "main", ProjectId = project.Id });
        var result = new TenantUnderTest(api, new HttpClient { BaseAddress = system.Demo.ControlUrl }, tenant, key);
        foreach (var gateway in system.Demo.GatewayUrls)
            await result.WaitUntilKnownAsync(gateway);
        return result;
    }

    /// <summary>The ledger's records of this tenant, by request id, as finance would read them.</summary>
    public async Task<IReadOnlyDictionary<Guid, ExportedRecord>> RecordsAsync()
    {
        var from = DateTimeOffset.UtcNow.AddDays(-1).ToString("O", CultureInfo.InvariantCulture);
        var to = DateTimeOffset.UtcNow.AddDays(1).ToString("O", CultureInfo.InvariantCulture);
        var path = $"{ControlApi.Tenant(Tenant.Id)}/usage/export?format=csv&from={Uri.EscapeDataString(from)}&to={Uri.EscapeDataString(to)}";
        using var inside = await _api.EnterAsync(Tenant.Id, EntryReason);
        using var csv = CsvReader.FromText(await inside.GetTextAsync(path));
        var records = new Dictionary<Guid, ExportedRecord>();
        while (csv.Read())
        {
            var record = new ExportedRecord(
                csv.Parse<Guid>("id"),
                csv.Parse<long>("input_tokens"),
                csv.Parse<long>("cached_input_tokens"),
                csv.Parse<long>("output_tokens"),
                csv.GetString("usage_source"),
                csv.Parse<int>("status"));
            records.Add(record.Id, record);
        }
        return records;
    }

    /// <summary>The ledger's totals since yesterday, which are kept beside the records.</summary>
    public async Task<UsageTotals> TotalsAsync()
    {
        var from = DateTimeOffset.UtcNow.Date.AddDays(-1).ToString("yyyy-MM-dd'T'00:00:00'Z'", CultureInfo.InvariantCulture);
        var to = DateTimeOffset.UtcNow.Date.AddDays(1).ToString("yyyy-MM-dd'T'00:00:00'Z'", CultureInfo.InvariantCulture);
        using var inside = await _api.EnterAsync(Tenant.Id, EntryReason);
        return (await inside.GetAsync<UsageAnswer>($"{ControlApi.Tenant(Tenant.Id)}/usage?from={from}&to={to}&bucket=day")).Total;
    }

    public void Dispose()
    {
        _api.Dispose();
        _http.Dispose();
    }

    private async Task WaitUntilKnownAsync(Uri gateway)
    {
        using var chat = new Chat(gateway, Key);
        await Eventually.GetAsync(chat.ModelsAsync, s => s == System.Net.HttpStatusCode.OK, TimeSpan.FromSeconds(10));
    }
}
