using Microsoft.AspNetCore.Components;
using Platform.Portal.ControlApi;
using Platform.Portal.Layout;

namespace Platform.Portal.Operators;

/// <summary>A page of the platform's own users. Who may see what, Control decides.</summary>
public abstract class OperatorPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    [CascadingParameter]
    public Viewer Viewer { get; set; } = Viewer.Utc;

    [Inject]
    internal ControlClient Control { get; set; } = null!;

    protected ControlProblem? Problem { get; private set; }

    protected bool Busy { get; private set; }

    protected CancellationToken Gone => _gone.Token;

    /// <summary>Fills the page; answers what went wrong, or null.</summary>
    protected abstract Task<ControlProblem?> LoadAsync();

    protected override Task OnInitializedAsync() => ReloadAsync();

    protected async Task ReloadAsync()
    {
        Busy = true;
        StateHasChanged();
        try
        {
            Problem = await LoadAsync();
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
