using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Audit;

/// <summary>Trails that take events which are no write of a tenant's own: one that was closed meanwhile keeps no more names.</summary>
internal static class OpenTrails
{
    /// <summary>Those of the tenants that are open, and stay so until the transaction has ended.</summary>
    public static async Task<IReadOnlySet<TenantId>> AmongAsync(ControlDb db, IEnumerable<TenantId> trails, CancellationToken ct)
    {
        var ids = trails.Select(t => t.Value).Distinct().Order().ToArray();
        var open = await db.Database
            .SqlQuery<Guid>($"SELECT id AS \"Value\" FROM tenants WHERE id = ANY({ids}) AND closed_at IS NULL ORDER BY id FOR KEY SHARE")
            .ToListAsync(ct);
        return open.Select(id => new TenantId(id)).ToHashSet();
    }
}
