using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Configuration;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Secrets;

/// <summary>The groups' keys, unsealed.</summary>
internal sealed class GroupKeyRing(MasterKey master)
{
    /// <summary>All keys of a group, the newest last.</summary>
    public async Task<IReadOnlyList<GroupKey>> KeysAsync(ControlDb db, AgentGroupName group, CancellationToken ct)
    {
        var rows = await db.GroupKeys.AsNoTracking().Where(k => k.GroupName == group).OrderBy(k => k.CreatedAt).ThenBy(k => k.KeyId).ToListAsync(ct);
        return [.. rows.Select(r => new GroupKey(r.KeyId, master.Open(r.Sealed, PlatformSecrets.GroupKeyContext(group, r.KeyId))))];
    }

    /// <summary>The key that new secrets are sealed with.</summary>
    public async Task<GroupCipher> CurrentAsync(ControlDb db, AgentGroupName group, CancellationToken ct) =>
        await KeysAsync(db, group, ct) is [.., var newest]
            ? new(newest.Id, newest.Key)
            : throw new InvalidOperationException($"The group {group} has no key.");
}
