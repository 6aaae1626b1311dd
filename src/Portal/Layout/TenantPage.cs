using Microsoft.AspNetCore.Components;
using Platform.Portal.ControlApi;

namespace Platform.Portal.Layout;

/// <summary>A page of one tenant, whose slug stands in the address.</summary>
public abstract class TenantPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private object? _loaded;

    [Parameter]
    public string Slug { get; set; } = "";

    [CascadingParameter]
    public Viewer Viewer { get; set; } = Viewer.Utc;

    [Inject]
    internal ControlClient Control { get; set; } = null!;

    [Inject]
    internal TenantDirectory Tenants { get; set; } = null!;

    protected TenantRef? Tenant { get; private set; }

    protected ControlProblem? Problem { get; set; }

    protected bool Busy { get; private set; }

    /// <summary>Cancelled when the user leaves the page.</summary>
    protected CancellationToken Gone => _gone.Token;

    /// <summary>What of the address decides what is loaded.</summary>
    protected virtual object LoadedFor => Slug;

    /// <summary>Fills the page; answers what went wrong, or null.</summary>
    protected abstract Task<ControlProblem?> LoadAsync(TenantRef tenant);

    protected override async Task OnParametersSetAsync()
    {
        if (LoadedFor.Equals(_loaded))
            return;
        _loaded = LoadedFor;
        await ReloadAsync();
    }

    protected async Task ReloadAsync()
    {
        Busy = true;
        Problem = null;
        StateHasChanged();
        try
        {
            if ((await Tenants.FindAsync(Slug)).Is(out var tenant, out var problem))
            {
                Tenant = tenant;
                Problem = await LoadAsync(tenant);
            }
            else
            {
                Problem = problem;
            }
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The page is gone, and nobody waits.
        }
        Busy = false;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _gone.Cancel();
        _gone.Dispose();
    }
}
