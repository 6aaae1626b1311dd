using Microsoft.JSInterop;

namespace Platform.Portal.Layout;

/// <summary>
/// Repeats something while the page can be seen: one run at a time, less and less often while it fails, until disposed.
/// </summary>
internal sealed class VisiblePoll(IJSRuntime js, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();

    /// <param name="dispatch">Runs something where the page's components run.</param>
    /// <param name="work">Answers whether it succeeded.</param>
    public void Start(Func<Func<Task>, Task> dispatch, Func<Task<bool>> work) => _ = RunAsync(dispatch, work);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync(Func<Func<Task>, Task> dispatch, Func<Task<bool>> work)
    {
        var stop = _stop.Token;
        var pause = Pause;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, time, stop);
                if (!await js.InvokeAsync<bool>("portal.isVisible", stop))
                    continue;
                var good = false;
                await dispatch(async () => good = await work());
                pause = good ? Pause : Longer(pause);
            }
            catch (Exception e) when (stop.IsCancellationRequested || e is JSDisconnectedException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception e)
            {
                Log.PollFailed(logger, e);
                pause = LongestPause;
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;
}
