using Microsoft.AspNetCore.Components;
using Platform.Portal.ControlApi;

namespace Platform.Portal.Layout;

/// <summary>A page of one tenant, whose slug stands in the address.</summary>
public abstract class TenantPage : LoadedPage
{
    private object? _loaded;

    [Parameter]
    public string Slug { get; set; } = "";

    [Inject]
    internal TenantDirectory Tenants { get; set; } = null!;

    protected TenantRef? Tenant { get; private set; }

    /// <summary>What of the address decides what is loaded.</summary>
    protected virtual object LoadedFor => Slug;

    /// <inheritdoc cref="LoadedPage.LoadAsync"/>
    protected abstract Task<ControlProblem?> LoadAsync(TenantRef tenant, CancellationToken cancel);

    protected override async Task OnParametersSetAsync()
    {
        if (LoadedFor.Equals(_loaded))
            return;
        _loaded = LoadedFor;
        await ReloadAsync();
    }

    protected sealed override async Task<ControlProblem?> LoadAsync(CancellationToken cancel)
    {
        var found = await Tenants.FindAsync(Slug);
        cancel.ThrowIfCancellationRequested();
        if (!found.Is(out var tenant, out var problem))
            return problem;
        Tenant = tenant;
        return await LoadAsync(tenant, cancel);
    }
}
