using System.Threading.Channels;
using Platform.GpuWorker.Engine;
using Platform.GpuWorker.Faults;
using Platform.GpuWorker.Metrics;
using Platform.GpuWorker.Options;

namespace Platform.GpuWorker.Serving;

/// <summary>
/// Drives the engine in real time. It alone touches the engine; others send it commands, which take effect between two
/// steps. With nothing to do it waits for a command. An exception here means that the engine's state is in doubt: the
/// host logs it and stops the process, as vLLM does when its engine core dies.
/// </summary>
internal sealed class EngineLoop(WorkerOptions options, FaultSwitch faults, EngineMetrics metrics, TimeProvider time) : BackgroundService
{
    /// <summary>Requests in the engine, waiting or running, beyond which new ones are refused.</summary>
    public const int MostGenerations = 10_000;

    // Tokenizing, HTTP and process hops of vLLM's API server.
    private static readonly TimeSpan ApiOverhead = TimeSpan.FromMilliseconds(5);

    private readonly EngineCore _core = new(options.Profile, options.Limits, new(options.Noise, options.Seed));
    private readonly SimulatedClock _clock = new(time, options.TimeScale);
    private readonly BackgroundLoad _background = new(options.Seed);
    private readonly Dictionary<Sequence, Generation> _generations = [];
    private readonly Queue<Generation> _arriving = [];
    private readonly Channel<Command> _commands = Channel.CreateBounded<Command>(
        new BoundedChannelOptions(2 * MostGenerations) { SingleReader = true });
    private int _alive;

    /// <summary>Hands a sequence to the engine; null when it is full.</summary>
    public Generation? TrySubmit(Sequence sequence, Listener listener)
    {
        var generation = new Generation(sequence, listener, _clock.Wall + ApiOverhead, time.GetTimestamp());
        if (Interlocked.Increment(ref _alive) <= MostGenerations && _commands.Writer.TryWrite(new(generation, Abort: false)))
            return generation;
        Interlocked.Decrement(ref _alive);
        return null;
    }

    /// <summary>
    /// Takes a generation out of the engine; without effect when it has finished. When there is no room for one more
    /// command, it runs to its end, unheard.
    /// </summary>
    public void Abort(Generation generation) => _commands.Writer.TryWrite(new(generation, Abort: true));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var i = 0; i < options.Background; i++)
            Start(new(_background.Next(), Listener.None, TimeSpan.Zero, time.GetTimestamp()));
        try
        {
            while (true)
                await TurnAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async ValueTask TurnAsync(CancellationToken stop)
    {
        TakeCommands();
        while (_arriving.TryPeek(out var next) && next.ReadyAt <= _clock.Now)
            Start(_arriving.Dequeue());
        var planned = _core.Plan();
        metrics.Publish(_core, _clock.Lost);
        if (planned is { } plan)
        {
            var duration = plan.Duration * faults.Current.SlowFactor;
            await _clock.AdvanceAsync(duration, stop);
            Complete(plan, duration * options.TimeScale);
            return;
        }
        if (_arriving.TryPeek(out var arriving))
            await _clock.AdvanceAsync(arriving.ReadyAt - _clock.Now, stop);
        else if (await _commands.Reader.WaitToReadAsync(stop))
            _clock.CatchUp();
    }

    private void TakeCommands()
    {
        while (_commands.Reader.TryRead(out var command))
        {
            if (!command.Abort)
                _arriving.Enqueue(command.Generation);
            else if (_core.Abort(command.Generation.Sequence))
                Forget(command.Generation);
            else
                DropArriving(command.Generation);
        }
    }

    private void DropArriving(Generation generation)
    {
        for (var i = _arriving.Count; i > 0; i--)
        {
            if (_arriving.Dequeue() is var arriving && arriving != generation)
                _arriving.Enqueue(arriving);
            else
                Forget(generation);
        }
    }

    private void Start(Generation generation)
    {
        _generations.Add(generation.Sequence, generation);
        _core.Submit(generation.Sequence);
    }

    private void Complete(StepPlan plan, TimeSpan busy)
    {
        var now = time.GetTimestamp();
        foreach (var sequence in _core.Complete(plan))
        {
            var generation = _generations[sequence];
            metrics.ObserveToken(generation, now);
            generation.LastToken = now;
            generation.Tell();
            if (sequence.IsFinished)
                Finish(generation);
        }
        metrics.ObserveStep(busy, plan.Load, now);
    }

    private void Finish(Generation generation)
    {
        Forget(generation);
        if (generation.IsBackground)
            Start(new(_background.Next(), Listener.None, TimeSpan.Zero, time.GetTimestamp()));
    }

    private void Forget(Generation generation)
    {
        _generations.Remove(generation.Sequence);
        if (!generation.IsBackground)
            Interlocked.Decrement(ref _alive);
    }

    private readonly record struct Command(Generation Generation, bool Abort);
}
