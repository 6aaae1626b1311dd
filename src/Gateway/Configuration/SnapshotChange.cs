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
    private volatile bool _unknownKey;

    public bool IsFull => full;

    /// <summary>A secret is sealed with a group key that the agent does not hold.</summary>
    public bool NeedsSecrets => _unknownKey;

    /// <summary>Takes one resource in and tells what to keep of it on disk.</summary>
    public Keeping Apply(Resource resource) => Apply(Read(resource));

    /// <summary>The costly half of it: reads a resource without changing anything. For any number of threads.</summary>
    public ReadResource Read(Resource resource)
    {
        try
        {
            return resource.Document is null ? new(resource, null, []) : ReadDocument(resource);
        }
        catch (Exception e)
        {
            Log.Unreadable(logger, e, resource.Kind, resource.Key);
            return new(resource, null, ["The resource could not be read."]);
        }
    }

    public Keeping Apply(ReadResource read)
    {
        var resource = read.Resource;
        if (resource.Document is null)
            return Remove(resource);
        switch (read.Value)
        {
            case PlatformModel platform:
                _platform = platform;
                break;
            case PoolModel pool:
                _pools[pool.Id] = pool;
                break;
            case TenantModel tenant:
                _tenants[tenant.Id] = tenant;
                break;
            case KeyShardModel shard:
                SetShard(resource, shard);
                break;
        }
        return Settle(read);
    }

    public Snapshot Finish(Guid epoch, long revision) => new(
        epoch, revision, _platform ?? _base.Platform, _tenants.ToImmutable(), _pools.ToImmutable(), _shards.ToImmutable(),
        _keys.Build(), _rejected.ToImmutable());

    private ReadResource ReadDocument(Resource resource)
    {
        var unknownKey = false;
        var read = resource.Kind switch
        {
            ConfigKinds.Platform => ReadResource.Of(resource, PlatformModel.Read(resource, before.Platform, secrets, ref unknownKey)),
            ConfigKinds.Pool when PoolId.TryParse(resource.Key, null, out var id) =>
                ReadResource.Of(resource, PoolModel.Read(resource, before.Pools.GetValueOrDefault(id), secrets, ref unknownKey)),
            ConfigKinds.Tenant when TenantId.TryParse(resource.Key, null, out var id) =>
                ReadResource.Of(resource, TenantModel.Read(resource, before.Tenants.GetValueOrDefault(id), secrets, ref unknownKey)),
            ConfigKinds.KeyShard => ReadResource.Of(resource, KeyShardModel.Read(resource, before.KeyShards.GetValueOrDefault(resource.Key))),
            ConfigKinds.Pool or ConfigKinds.Tenant => new(resource, null, ["The resource's key is not an id."]),
            _ => new(resource, null, []), // a kind that a later version knows; kept for it
        };
        if (unknownKey)
            _unknownKey = true;
        return read;
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

    private Keeping Settle(ReadResource read)
    {
        var resource = read.Resource;
        if (read.Faults.Count == 0)
        {
            _rejected.Remove((resource.Kind, resource.Key));
            return new(Keep.Document, resource.Document);
        }
        _rejected[(resource.Kind, resource.Key)] = new(resource.Kind, resource.Key, resource.Revision, read.Faults);
        Log.Rejected(logger, resource.Kind, resource.Key, resource.Revision, string.Join(" ", read.Faults));
        return read.Stored is { } stored ? new(Keep.Document, stored) : new(Keep.LastGood, null);
    }
}

/// <summary>A resource that has been read and is not yet in any snapshot.</summary>
/// <param name="Value">What is in force from then on; null for nothing, or for a kind that is not known.</param>
internal sealed record ReadResource(Resource Resource, object? Value, IReadOnlyList<string> Faults, byte[]? Stored = null)
{
    public static ReadResource Of<T>(Resource resource, Reading<T> reading)
        where T : class => new(resource, reading.Value, reading.Faults, reading.Stored);
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
