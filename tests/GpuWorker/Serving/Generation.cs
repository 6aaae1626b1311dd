using System.Threading.Channels;
using Platform.GpuWorker.Engine;

namespace Platform.GpuWorker.Serving;

/// <summary>How far an answer is.</summary>
/// <param name="Tokens">Tokens produced.</param>
/// <param name="CachedTokens">Prompt tokens that were in the prefix cache.</param>
internal readonly record struct Progress(int Tokens, int CachedTokens, bool Finished);

internal enum Listener
{
    /// <summary>Nobody: background load.</summary>
    None,

    /// <summary>Wants to know the end only.</summary>
    AtEnd,

    /// <summary>Wants to know of every token.</summary>
    EachToken,
}

/// <summary>A sequence in the engine and whoever waits for it.</summary>
/// <param name="readyAt">Simulated time at which the API layer hands it to the scheduler.</param>
/// <param name="arrived">Timestamp of its arrival, for latencies.</param>
internal sealed class Generation(Sequence sequence, Listener listener, TimeSpan readyAt, long arrived)
{
    // A listener that lags sees the newest state only, as vLLM merges the outputs of a slow stream.
    private readonly Channel<Progress> _progress = Channel.CreateBounded<Progress>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true });

    public Sequence Sequence => sequence;

    public TimeSpan ReadyAt => readyAt;

    public long Arrived => arrived;

    /// <summary>Timestamp of the newest token.</summary>
    public long LastToken { get; set; }

    /// <summary>Whether the listener has been told of the end.</summary>
    public bool HasEnded { get; private set; }

    public bool IsBackground => listener == Listener.None;

    /// <summary>Waits for something newer than what was returned before.</summary>
    public async ValueTask<Progress> NextAsync(CancellationToken stop)
    {
        var progress = await _progress.Reader.ReadAsync(stop);
        HasEnded = progress.Finished;
        return progress;
    }

    public void Tell()
    {
        if (listener == Listener.EachToken || (listener == Listener.AtEnd && sequence.IsFinished))
            _progress.Writer.TryWrite(new(sequence.Generated, sequence.CachedTokens ?? 0, sequence.IsFinished));
    }
}
