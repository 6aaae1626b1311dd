using Platform.Contracts.Ids;

namespace Platform.Gateway.Enrolment;

/// <summary>This process as an agent: its boot, and its enrolment as soon as there is one.</summary>
internal sealed class Agent : IDisposable
{
    private readonly TaskCompletionSource<EnrolledAgent> _enrolled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile EnrolledAgent? _current;

    public BootId Boot { get; } = BootId.New();

    /// <summary>Null until enrolled.</summary>
    public EnrolledAgent? Current => _current;

    public Task<EnrolledAgent> WhenEnrolledAsync(CancellationToken token) => _enrolled.Task.WaitAsync(token);

    public void Enrol(EnrolledAgent agent)
    {
        if (Interlocked.CompareExchange(ref _current, agent, null) is null)
            _enrolled.TrySetResult(agent);
    }

    public void Dispose() => Current?.Dispose();
}
