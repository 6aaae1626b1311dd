using Microsoft.JSInterop;
using Platform.Contracts.Api;
using Platform.Portal.ControlApi;
using Platform.Portal.Layout;
using Platform.Portal.Usage;

namespace Platform.Portal.Overview;

public partial class OverviewPage(TimeProvider time, IJSRuntime js, ILogger<OverviewPage> logger) : TenantPage
{
    private UsageAnswer? _usage;
    private DateTimeOffset _asOf;
    private IReadOnlyList<string> _models = [];
    private KeyNames _keys = new([]);
    private VisiblePoll? _poll;

    protected override async Task<ControlProblem?> LoadAsync(TenantRef tenant, CancellationToken cancel)
    {
        var listingModels = Control.ListModelsAsync(tenant.Id, cancel);
        var listingKeys = Control.ListApiKeysAsync(tenant.Id, cancel);
        var problem = await LoadUsageAsync(tenant, cancel);
        var (models, keys) = (await listingModels, await listingKeys);
        _models = [.. (models.Value?.Items ?? []).Select(m => m.Name.Value).Order(StringComparer.Ordinal)];
        _keys = new(keys.Value?.Items ?? []);
        return problem ?? models.Problem ?? keys.Problem?.UnlessForbidden;
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
            return;
        _poll = new(js, time, logger);
        _poll.Start(InvokeAsync, RefreshAsync);
    }

    protected override void Dispose(bool disposing)
    {
        _poll?.Dispose();
        base.Dispose(disposing);
    }

    private async Task<bool> RefreshAsync()
    {
        if (Tenant is null)
        {
            await ReloadAsync();
        }
        else if (!Busy)
        {
            Problem = await LoadUsageAsync(Tenant, Gone);
            // A key that was made since has no name here yet.
            if (_usage?.Rows.Any(r => !_keys.Knows(r.ApiKeyId)) == true && (await Control.ListApiKeysAsync(Tenant.Id, Gone)).Value is { } keys)
                _keys = new(keys.Items);
        }
        StateHasChanged();
        return Problem is null;
    }

    private async Task<ControlProblem?> LoadUsageAsync(TenantRef tenant, CancellationToken cancel)
    {
        var span = UsageSpan.Today(time.GetUtcNow(), Viewer);
        if (!(await Control.GetUsageAsync(tenant.Id, span.From, span.To, span.Bucket, cancel)).Is(out var usage, out var problem))
            return problem;
        _usage = usage;
        _asOf = time.GetUtcNow();
        return null;
    }
}
