using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Secrets;

/// <summary>Makes the groups' keys and the peppers: 32 random bytes each, sealed under the master key for what they are.</summary>
internal sealed class PlatformSecrets(MasterKey master)
{
    private const int Size = 32;

    public static string GroupKeyContext(AgentGroupName group, string keyId) => $"group-key\n{group}\n{keyId}";

    /// <summary>A new key for a group; from then on secrets are sealed with it.</summary>
    public void AddGroupKey(ControlDb db, AgentGroupName group, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now).ToString("N");
        db.GroupKeys.Add(new() { GroupName = group, KeyId = id, Sealed = Seal(GroupKeyContext(group, id)), CreatedAt = now });
    }

    /// <summary>A new pepper; from then on new keys are hashed with it.</summary>
    public void AddPepper(ControlDb db, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now).ToString("N");
        db.Peppers.Add(new() { Id = id, Sealed = Seal(PepperRow.ContextOf(id)), CreatedAt = now });
    }

    /// <summary>A first key for each group that has none, and the first pepper; saved by the caller. Safe to repeat.</summary>
    public async Task EnsureAsync(ControlDb db, DateTimeOffset now, CancellationToken ct)
    {
        var bare = await db.AgentGroups.Where(g => !db.GroupKeys.Any(k => k.GroupName == g.Name)).Select(g => g.Name).ToListAsync(ct);
        foreach (var group in bare)
            AddGroupKey(db, group, now);
        if (!await db.Peppers.AnyAsync(ct))
            AddPepper(db, now);
    }

    private byte[] Seal(string context)
    {
        var clear = RandomNumberGenerator.GetBytes(Size);
        try
        {
            return master.Seal(clear, context);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }
}
