using System.Collections.Concurrent;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Requests that run, by tenant, so that a suspension that ends streams reaches them: one token for each tenant,
/// cancelled when the snapshot is swapped. Nothing is polled, and a request costs one lookup and one increment.
/// </summary>
internal sealed class TenantRuns : IDisposable
{
    private readonly ConcurrentDictionary<TenantId, Runs> _tenants = new();
    private readonly CurrentSnapshot _current;

    public TenantRuns(CurrentSnapshot current)
    {
        _current = current;
        current.Swapped += Settle;
    }

    /// <summary>Counts a request of the tenant as running until it is disposed.</summary>
    /// <param name="tenant">As the request knows it; it may be an older one than what is in force.</param>
    public Run Enter(TenantModel tenant)
    {
        var runs = _tenants.GetOrAdd(tenant.Id, static _ => new());
        var run = new Run(runs);
        // Entered first and looked at then: whoever swaps does it the other way around, so one of both sees the other.
        if (_current.Value is { } snapshot && IsStopped(tenant, snapshot))
            Stop(tenant.Id, runs);
        return run;
    }

    public void Dispose()
    {
        _current.Swapped -= Settle;
        foreach (var runs in _tenants.Values)
            runs.Dispose();
    }

    private static bool IsStopped(TenantModel known, Snapshot snapshot) =>
        snapshot.Tenants.TryGetValue(known.Id, out var now) ? now is { Suspended: true, EndsStreams: true } : known.EndsStreams;

    private void Settle(Snapshot before, Snapshot after)
    {
        foreach (var (id, runs) in _tenants)
        {
            if (runs.Count == 0)
                continue;
            if (before.Tenants.TryGetValue(id, out var known) && IsStopped(known, after))
                Stop(id, runs);
        }
    }

    /// <summary>Later requests, of a tenant that came back, get a token of their own.</summary>
    private void Stop(TenantId id, Runs runs)
    {
        _tenants.TryRemove(new(id, runs));
        runs.Stop();
    }

    internal sealed class Runs : IDisposable
    {
        // Not disposed when it was cancelled: requests that were stopped still look at its token.
        private readonly CancellationTokenSource _source = new();
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public CancellationToken Token => _source.Token;

        public void Enter() => Interlocked.Increment(ref _count);

        public void Leave() => Interlocked.Decrement(ref _count);

        /// <summary>The requests' own work on it is done elsewhere, so that a swap does not wait.</summary>
        public void Stop() => _ = _source.CancelAsync();

        public void Dispose() => _source.Dispose();
    }

    internal readonly struct Run : IDisposable
    {
        private readonly Runs _runs;

        public Run(Runs runs)
        {
            _runs = runs;
            runs.Enter();
        }

        /// <summary>Cancelled when the request must end.</summary>
        public CancellationToken Token => _runs.Token;

        public void Dispose() => _runs.Leave();
    }
}
