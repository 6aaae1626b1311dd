using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Members;

/// <summary>Only an owner makes, changes or removes owners, and one is always left. Asked while the tenant's row is locked.</summary>
internal static class Ownership
{
    public static readonly Failure LastOwner = Failure.Conflict(ProblemCodes.LastOwner, "The tenant would be left without an owner: make another one first.");

    private static readonly Failure OwnersOnly = Forbidden("Only an owner makes, changes or removes owners.");

    /// <param name="before">The role that somebody has; null for nobody yet.</param>
    /// <param name="after">The role that they would have; null to leave.</param>
    /// <returns>Null where the caller may.</returns>
    public static async Task<Failure?> RefusalAsync(ConfigWrite write, TenantId tenant, string? before, string? after, CancellationToken ct)
    {
        if (before != TenantRoles.Owner && after != TenantRoles.Owner)
            return null;
        if (write.Call.Caller is not { TenantRole: TenantRoles.Owner, Acting: null } caller)
            return OwnersOnly;
        if (await IsLastOwnerAsync(write.Db, tenant, before, after, ct))
            return LastOwner;

        // The caller's role was read before the lock was held.
        return await write.Db.Memberships.AnyAsync(m => m.TenantId == tenant && m.Principal == caller.Subject && m.Role == TenantRoles.Owner, ct)
            ? null
            : OwnersOnly;
    }

    public static async Task<bool> IsLastOwnerAsync(ControlDb db, TenantId tenant, string? before, string? after, CancellationToken ct) =>
        before == TenantRoles.Owner && after != TenantRoles.Owner
        && await db.Memberships.CountAsync(
            m => m.TenantId == tenant && m.Role == TenantRoles.Owner && !db.ServiceClients.Any(c => c.TenantId == tenant && c.ClientId == m.Principal), ct) <= 1;

    public static Failure Forbidden(string detail) => new(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, detail);
}
