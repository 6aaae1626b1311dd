using System.Collections.Immutable;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;

namespace Platform.Gateway.Configuration;

/// <summary>
/// The way from one snapshot to the next: resources are applied one by one, and nobody sees any of it before
/// <see cref="Finish"/>. A full change begins with nothing, and what it does not mention is gone.
/// </summary>
internal sealed class SnapshotChange(Snapshot before, bool full, GroupSecrets secrets, ILogger logger)
{
    private readonly Snapshot _base = full ? Snapshot.Empty : before;
    private readonly ImmutableDictionary<TenantId, TenantModel>.Builder _tenants = (full ? Snapshot.Empty : before).Tenants.ToBuilder();
    private readonly ImmutableDictionary<PoolId, PoolModel>.Builder _pools = (full ? Snapshot.Empty : before).Pools.ToBuilder();
    private readonly ImmutableDictionary<string, KeyShardModel>.Builder _shards = (full ? Snapshot.Empty : before).KeyShards.ToBuilder();
    private readonly ImmutableDictionary<(string, string), RejectedResource>.Builder _rejected = (full ? Snapshot.Empty : before).Rejected.ToBuilder();
    private readonly KeyIndex.Builder _keys = new(full ? KeyIndex.Empty : before.Keys);
    private PlatformModel? _platform;
    private bool _unknownKey;

    public bool IsFull => full;

    /// <summary>A secret is sealed with a group key that the agent does not hold.</summary>
    public bool NeedsSecrets => _unknownKey;

    /// <summary>Takes one resource in and tells what to keep of it on disk.</summary>
    public Keeping Apply(Resource resource)
    {
        try
        {
            return resource.Document is null ? Remove(resource) : Take(resource);
        }
        catch (Exception e)
        {
            Log.Unreadable(logger, e, resource.Kind, resource.Key);
            return Settle(resource, new Reading<object>(null, ["The resource could not be read."]));
        }
    }

    public Snapshot Finish(Guid epoch, long revision) => new(
        epoch, revision, _platform ?? _base.Platform, _tenants.ToImmutable(), _pools.ToImmutable(), _shards.ToImmutable(),
        _keys.Build(), _rejected.ToImmutable());

    private Keeping Take(Resource resource)
    {
        switch (resource.Kind)
        {
            case ConfigKinds.Platform:
                var platform = PlatformModel.Read(resource, before.Platform, secrets, ref _unknownKey);
                _platform = platform.Value;
                return Settle(resource, platform);
            case ConfigKinds.Pool when PoolId.TryParse(resource.Key, null, out var id):
                var pool = PoolModel.Read(resource, before.Pools.GetValueOrDefault(id), secrets, ref _unknownKey);
                if (pool.Value is not null)
                    _pools[id] = pool.Value;
                return Settle(resource, pool);
            case ConfigKinds.Tenant when TenantId.TryParse(resource.Key, null, out var id):
                var tenant = TenantModel.Read(resource, before.Tenants.GetValueOrDefault(id));
                if (tenant.Value is not null)
                    _tenants[id] = tenant.Value;
                return Settle(resource, tenant);
            case ConfigKinds.KeyShard:
                var shard = KeyShardModel.Read(resource, before.KeyShards.GetValueOrDefault(resource.Key));
                if (shard.Value is not null)
                    SetShard(resource, shard.Value);
                return Settle(resource, shard);
            case ConfigKinds.Pool or ConfigKinds.Tenant:
                return Settle(resource, new Reading<object>(null, ["The resource's key is not an id."]));
            default:
                return new(Keep.Document, resource.Document);
        }
    }

    private Keeping Remove(Resource resource)
    {
        _rejected.Remove((resource.Kind, resource.Key));
        if (resource.Kind == ConfigKinds.Platform)
            _platform = PlatformModel.Empty;
        else if (resource.Kind == ConfigKinds.Pool && PoolId.TryParse(resource.Key, null, out var pool))
            _pools.Remove(pool);
        else if (resource.Kind == ConfigKinds.Tenant && TenantId.TryParse(resource.Key, null, out var tenant))
            _tenants.Remove(tenant);
        else if (resource.Kind == ConfigKinds.KeyShard)
            SetShard(resource, null);
        return new(Keep.Nothing, null);
    }

    private void SetShard(Resource resource, KeyShardModel? shard)
    {
        _keys.Replace(resource.TenantId, resource.Key, _shards.GetValueOrDefault(resource.Key)?.Keys ?? [], shard?.Keys ?? []);
        if (shard is null)
            _shards.Remove(resource.Key);
        else
            _shards[resource.Key] = shard;
    }

    private Keeping Settle<T>(Resource resource, Reading<T> reading)
        where T : class
    {
        if (reading.Faults.Count == 0)
        {
            _rejected.Remove((resource.Kind, resource.Key));
            return new(Keep.Document, resource.Document);
        }
        _rejected[(resource.Kind, resource.Key)] = new(resource.Kind, resource.Key, resource.Revision, reading.Faults);
        Log.Rejected(logger, resource.Kind, resource.Key, resource.Revision, string.Join(" ", reading.Faults));
        return reading.Stored is { } stored ? new(Keep.Document, stored) : new(Keep.LastGood, null);
    }
}

/// <summary>What to keep of a resource on disk.</summary>
/// <param name="Document">With <see cref="Keep.Document"/>.</param>
internal sealed record Keeping(Keep What, byte[]? Document);

internal enum Keep
{
    Document,
    LastGood,
    Nothing,
}
