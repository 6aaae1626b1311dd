using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Authentication;

/// <summary>Who calls, and the snapshot that said so: the whole request is served from this one.</summary>
internal sealed record Caller(Snapshot Snapshot, TenantModel Tenant, KeyRecord Key)
{
    public ProjectId ProjectId => Key.Entry.ProjectId;

    public ApiKeyId KeyId => Key.Entry.Id;
}
