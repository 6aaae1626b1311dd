using Platform.Contracts.Ids;
using Platform.Gateway.Caching;
using Platform.Gateway.Configuration;
using Platform.Gateway.Idempotency;

namespace Platform.Gateway.KeptAnswers;

/// <summary>Drops what is over, and at once what may not be kept any more.</summary>
internal sealed class Sweeping : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly IdempotencyStore _keys;
    private readonly ResponseCache _cache;
    private readonly CurrentSnapshot _current;
    private readonly TimeProvider _time;

    public Sweeping(IdempotencyStore keys, ResponseCache cache, CurrentSnapshot current, KeptMetrics metrics, TimeProvider time)
    {
        (_keys, _cache, _current, _time) = (keys, cache, current, time);
        metrics.Observe(KeptMetrics.Idempotency, () => keys.Count, () => keys.Bytes);
        metrics.Observe(KeptMetrics.Cache, () => cache.Count, () => cache.Bytes);
        current.Swapped += Forget;
    }

    public override void Dispose()
    {
        _current.Swapped -= Forget;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            _keys.Sweep();
            _cache.Sweep();
            // An answer that was on its way when its tenant changed came after the change.
            if (_current.Value is { } snapshot)
                Forget(snapshot, static _ => true);
        }
    }

    private void Forget(Snapshot before, Snapshot after)
    {
        var keysAreSame = ReferenceEquals(before.KeyShards, after.KeyShards);
        Forget(after, t => !keysAreSame || !ReferenceEquals(before.Tenants.GetValueOrDefault(t), after.Tenants.GetValueOrDefault(t)));
    }

    private void Forget(Snapshot after, Func<TenantId, bool> changed)
    {
        _keys.Forget(id => after.Tenants.TryGetValue(id, out var tenant) && !tenant.Isolation.KeepsNothing);
        _cache.Forget(changed, owner => HasCache(after, owner));
    }

    private static bool HasCache(Snapshot snapshot, CacheOwner owner) =>
        snapshot.Tenants.TryGetValue(owner.Tenant, out var tenant) && snapshot.Keys.Find(owner.Prefix) is { } key && key.Entry.Id == owner.Key
        && CacheUse.SecondsOf(tenant, key) > 0;
}
