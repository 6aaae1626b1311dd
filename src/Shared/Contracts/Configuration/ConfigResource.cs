using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Configuration;

/// <summary>
/// The unit of delivery to agents: a document of one kind with the revision that last changed it. Kinds are in
/// <see cref="ConfigKinds"/>; a kind the reader does not know is skipped.
/// </summary>
/// <param name="Kind">One of <see cref="ConfigKinds"/>.</param>
/// <param name="Key">Unique in its kind and group, for example a tenant's id, or tenant id and shard number.</param>
/// <param name="Revision">The config revision of the transaction that wrote it.</param>
/// <param name="TenantId">Whose it is; <see cref="TenantId.Platform"/> for what is shared.</param>
/// <param name="Document">The document, or null for a tombstone: the resource is gone, or has left the group.</param>
public sealed record ConfigResource(string Kind, string Key, long Revision, TenantId TenantId, JsonElement? Document);

public static class ConfigKinds
{
    /// <summary>One for each group: <see cref="PlatformDocument"/>, key <c>platform</c>.</summary>
    public const string Platform = "platform";

    /// <summary><see cref="PoolDocument"/>, key = pool id.</summary>
    public const string Pool = "pool";

    /// <summary><see cref="TenantDocument"/>, key = tenant id.</summary>
    public const string Tenant = "tenant";

    /// <summary><see cref="KeyShardDocument"/>, key = tenant id, a slash, shard number.</summary>
    public const string KeyShard = "key-shard";
}

/// <summary>The first line of a catch-up answer; the resources follow, a line each.</summary>
/// <param name="Full">True when everything is sent: what the agent holds and is not in it is gone.</param>
public sealed record ConfigCatchUpHead(AgentGroupName Group, Guid Epoch, long Revision, bool Full);
