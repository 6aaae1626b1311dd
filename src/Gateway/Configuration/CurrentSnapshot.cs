namespace Platform.Gateway.Configuration;

/// <summary>The snapshot in force; null before there ever was one. One reference, read once by each request.</summary>
internal sealed class CurrentSnapshot : IDisposable
{
    private readonly SemaphoreSlim _changed = new(0, 1);
    private volatile Snapshot? _value;

    public Snapshot? Value => _value;

    /// <summary>Told the one before, empty where there was none, and the one in force, after each change; must not take long.</summary>
    public event Action<Snapshot, Snapshot>? Swapped;

    /// <summary>For the one that applies changes.</summary>
    public void Set(Snapshot snapshot)
    {
        var before = _value ?? Snapshot.Empty;
        _value = snapshot;
        Swapped?.Invoke(before, snapshot);
        if (_changed.CurrentCount == 0)
            _changed.Release();
    }

    /// <summary>Waits for another snapshot, or for the time to pass; for one waiter.</summary>
    public Task WaitForChangeAsync(TimeSpan time, CancellationToken token) => _changed.WaitAsync(time, token);

    public void Dispose() => _changed.Dispose();
}
