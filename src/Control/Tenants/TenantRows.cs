using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Tenants;

/// <summary>What every write about a tenant begins with.</summary>
internal static class TenantRows
{
    public const string Thing = "tenant";

    /// <summary>
    /// The tenant's row, which nobody else changes or closes until the transaction ends; null where there is none. The
    /// reserved tenant is nobody's to change.
    /// </summary>
    public static async Task<TenantRow?> LockAsync(ControlDb db, TenantId id, CancellationToken ct) =>
        id == TenantId.Platform
            ? null
            : (await db.Tenants.FromSql($"SELECT * FROM tenants WHERE id = {id.Value} FOR UPDATE").ToListAsync(ct)).SingleOrDefault();

    /// <summary>The same for a tenant that is not closed.</summary>
    public static async Task<TenantRow?> LockOpenAsync(ControlDb db, TenantId id, CancellationToken ct) =>
        await LockAsync(db, id, ct) is { ClosedAt: null } row ? row : null;

    /// <summary>A new tenant, with its first event in its own trail.</summary>
    public static async Task<Outcome<TenantRow>> AddAsync(
        ConfigWrite write, TenantId id, string name, string slug, AgentGroupName group, CancellationToken ct)
    {
        if (await GroupFaultAsync(write.Db, group, ct) is { } fault)
            return fault;
        var row = new TenantRow { Id = id, Name = name, Slug = slug, GroupName = group, CreatedAt = write.Now };
        write.Db.Tenants.Add(row);
        write.Affects(Affected.Tenant(id));
        write.AuditOf(id, "tenant.create", id.ToString(), null, Answer(row));
        return row;
    }

    /// <summary>Null where the group is there.</summary>
    public static async Task<Failure?> GroupFaultAsync(ControlDb db, AgentGroupName group, CancellationToken ct, string path = "group")
    {
        if (await db.AgentGroups.AnyAsync(g => g.Name == group, ct))
            return null;
        var faults = new Faults();
        faults.Add(path, "There is no such agent group.", ProblemCodes.GroupUnknown);
        return faults.ToFailure();
    }

    public static TenantAnswer Answer(TenantRow row) => new(
        row.Id, row.Name, row.Slug, row.GroupName, row.Suspended, row.EndsStreams, row.ClosedAt, row.CreatedAt, row.Version);
}
