using Microsoft.AspNetCore.Components;
using Platform.Portal.ControlApi;

namespace Platform.Portal.Layout;

/// <summary>A page that is filled from Control, and again when the user asks for it.</summary>
public abstract class LoadedPage : ComponentBase, IDisposable
{
    private CancellationTokenSource _load = new();
    private bool _gone;

    [CascadingParameter]
    public Viewer Viewer { get; set; } = Viewer.Utc;

    [Inject]
    internal ControlClient Control { get; set; } = null!;

    protected ControlProblem? Problem { get; set; }

    protected bool Busy { get; private set; }

    /// <summary>Cancelled when the page is left, and when it is filled anew.</summary>
    protected CancellationToken Gone { get; private set; }

    /// <summary>Fills the page; answers what went wrong, or null.</summary>
    /// <param name="cancel">Cancelled when what is loaded here is no longer wanted.</param>
    protected abstract Task<ControlProblem?> LoadAsync(CancellationToken cancel);

    protected async Task ReloadAsync()
    {
        if (_gone)
            return;
        var load = Begin();
        Busy = true;
        Problem = null;
        StateHasChanged();
        try
        {
            Problem = await LoadAsync(load.Token);
        }
        catch (OperationCanceledException) when (load.IsCancellationRequested)
        {
            // The page was left, or another load has taken over.
        }
        if (load == _load)
            Busy = false;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _gone = true;
        _load.Cancel();
        _load.Dispose();
    }

    private CancellationTokenSource Begin()
    {
        _load.Cancel();
        _load.Dispose();
        _load = new();
        Gone = _load.Token;
        return _load;
    }
}
