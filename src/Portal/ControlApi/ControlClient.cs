using System.Globalization;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Portal.ControlApi;

/// <summary>Control's API as the portal uses it.</summary>
internal sealed class ControlClient(ControlCalls calls)
{
    /// <summary>A list shows at most this many entries, and says so.</summary>
    public const int MaxListed = 2_000;

    private const int MaxPages = 100;

    public Task<ControlAnswer<MeAnswer>> GetMeAsync(CancellationToken cancel) => calls.GetAsync<MeAnswer>("api/v1/me", cancel);

    public Task<ControlAnswer<Listing<TenantAnswer>>> ListTenantsAsync(CancellationToken cancel) => ListAsync<TenantAnswer>("api/v1/tenants", cancel);

    public Task<ControlAnswer<Listing<AgentAnswer>>> ListAgentsAsync(CancellationToken cancel) => ListAsync<AgentAnswer>("api/v1/agents", cancel);

    public Task<ControlAnswer<Listing<ModelAnswer>>> ListModelsAsync(TenantId tenant, CancellationToken cancel) => ListAsync<ModelAnswer>(Of(tenant, "models"), cancel);

    public Task<ControlAnswer<Listing<ProjectAnswer>>> ListProjectsAsync(TenantId tenant, CancellationToken cancel) => ListAsync<ProjectAnswer>(Of(tenant, "projects"), cancel);

    public Task<ControlAnswer<Listing<ApiKeyAnswer>>> ListApiKeysAsync(TenantId tenant, CancellationToken cancel) => ListAsync<ApiKeyAnswer>(Of(tenant, "api-keys"), cancel);

    public Task<ControlAnswer<ProjectAnswer>> CreateProjectAsync(TenantId tenant, ProjectRequest request, CancellationToken cancel) =>
        calls.PostAsync<ProjectAnswer>(Of(tenant, "projects"), request, cancel);

    public Task<ControlAnswer<CreatedApiKeyAnswer>> CreateApiKeyAsync(TenantId tenant, CreateApiKeyRequest request, CancellationToken cancel) =>
        calls.PostAsync<CreatedApiKeyAnswer>(Of(tenant, "api-keys"), request, cancel);

    public Task<ControlAnswer<ApiKeyAnswer>> RevokeApiKeyAsync(TenantId tenant, ApiKeyId key, CancellationToken cancel) =>
        calls.PostAsync<ApiKeyAnswer>(Of(tenant, $"api-keys/{key}/revoke"), null, cancel);

    /// <param name="bucket"><c>hour</c> or <c>day</c>.</param>
    public Task<ControlAnswer<UsageAnswer>> GetUsageAsync(TenantId tenant, DateTimeOffset from, DateTimeOffset to, string bucket, CancellationToken cancel) =>
        calls.GetAsync<UsageAnswer>(Of(tenant, $"usage?from={Instant(from)}&to={Instant(to)}&bucket={bucket}"), cancel);

    /// <summary>One CSV row a record, as a stream; the caller disposes the answer.</summary>
    public Task<ControlAnswer<HttpResponseMessage>> OpenUsageExportAsync(TenantId tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        calls.OpenAsync(Of(tenant, $"usage/export?format=csv&from={Instant(from)}&to={Instant(to)}"), cancel);

    /// <summary>The tenant with that slug among those the user may see; one without items where there is none.</summary>
    public Task<ControlAnswer<Listing<TenantAnswer>>> FindTenantAsync(string slug, CancellationToken cancel) =>
        ListAsync<TenantAnswer>("api/v1/tenants", cancel, t => t.Slug == slug, most: 1);

    private static ControlAddress Of(TenantId tenant, string rest) => new($"api/v1/tenants/{tenant}/{rest}", tenant);

    private static string Instant(DateTimeOffset value) => value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private async Task<ControlAnswer<Listing<T>>> ListAsync<T>(ControlAddress address, CancellationToken cancel, Func<T, bool>? wanted = null, int most = MaxListed)
    {
        var items = new List<T>();
        string? cursor = null;
        for (var page = 0; page < MaxPages && items.Count < most; page++)
        {
            var answer = await calls.GetAsync<Page<T>>(cursor is null ? address : address.With($"?cursor={Uri.EscapeDataString(cursor)}"), cancel);
            if (!answer.Is(out var value, out var problem))
                return problem;
            items.AddRange(value.Items.Where(item => wanted is null || wanted(item)).Take(most - items.Count));
            cursor = value.NextCursor;
            if (cursor is null)
                return new Listing<T>(items, Complete: true);
        }
        return new Listing<T>(items, Complete: false);
    }
}

/// <param name="Complete">False when Control has more than <see cref="ControlClient.MaxListed"/>.</param>
internal sealed record Listing<T>(IReadOnlyList<T> Items, bool Complete);
