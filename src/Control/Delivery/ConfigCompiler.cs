using System.Text.Json;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Delivery;

/// <summary>Writes the resources that a change affects, stamped with its revision, in the transaction of the change.</summary>
internal sealed class ConfigCompiler(
    PoolCompiler pools, PlatformCompiler platform, TenantPolicies policies, TimeProvider time, DeliveryMeter meter)
{
    /// <summary>Resources that are read and written together: what is in memory at once stays small.</summary>
    private const int Together = 50;

    /// <summary>
    /// Compiles each affected resource from fresh queries. A document that came out as it is stored is not stamped; a
    /// resource that left a group becomes a tombstone there.
    /// </summary>
    /// <returns>What changed, for a preview.</returns>
    public async Task<IReadOnlyList<ConfigPreview>> CompileAsync(ControlDb db, long revision, IReadOnlyCollection<Affected> affected, CancellationToken ct)
    {
        var changed = new List<ConfigPreview>();
        foreach (var portion in (await AffectedClosure.OfAsync(db, affected, ct)).Chunk(Together))
        {
            foreach (var (resource, stored) in portion.Zip(await StoredResource.LoadAsync(db, portion, ct)))
                changed.AddRange(stored.Apply(db, revision, await WantedAsync(db, resource, stored, ct)));
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
        }
        meter.Compiled(changed.Count);
        return changed;
    }

    /// <summary>The document for each group that has the resource.</summary>
    private async Task<IReadOnlyDictionary<AgentGroupName, JsonElement>> WantedAsync(
        ControlDb db, Affected resource, StoredResource stored, CancellationToken ct) =>
        resource.Kind switch
        {
            ConfigKinds.Tenant => await TenantCompiler.TenantAsync(db, resource.TenantId, policies, stored, time.GetUtcNow(), ct),
            ConfigKinds.KeyShard => await TenantCompiler.KeyShardAsync(db, resource, time.GetUtcNow(), ct),
            ConfigKinds.Pool => await pools.PoolAsync(db, resource, stored, ct),
            ConfigKinds.Platform => await platform.PlatformAsync(db, stored, time.GetUtcNow(), ct),
            _ => throw new ArgumentException($"There is no resource of kind {resource.Kind}."),
        };
}

/// <param name="Kind">One of <see cref="Contracts.Configuration.ConfigKinds"/>.</param>
/// <param name="Key">The resource's key, as that kind defines it.</param>
internal readonly record struct Affected(TenantId TenantId, string Kind, string Key)
{
    public const string PlatformKey = "platform";

    public static Affected Platform => new(TenantId.Platform, ConfigKinds.Platform, PlatformKey);

    public static Affected Tenant(TenantId tenant) => new(tenant, ConfigKinds.Tenant, tenant.ToString());

    /// <summary>What carries a tenant's own limits, policies and prices: its document, or for the platform's tenant the platform's.</summary>
    public static Affected CarrierOf(TenantId tenant) => tenant == TenantId.Platform ? Platform : Tenant(tenant);

    public static Affected Pool(TenantId tenant, PoolId pool) => new(tenant, ConfigKinds.Pool, pool.ToString());

    public static Affected KeyShard(TenantId tenant, int shard) => new(tenant, ConfigKinds.KeyShard, $"{tenant}/{shard}");
}
