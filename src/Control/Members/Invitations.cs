using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Tenants;

namespace Platform.Control.Members;

/// <summary>What a link leads to, for the API and for the page alike. A link works once, until its end, for one address.</summary>
internal sealed class Invitations(Database database, ConfigWriter writer, TimeProvider time)
{
    private static readonly Failure Missing = Failure.NotFound(InvitationEndpoints.Thing);

    /// <summary>The invitation behind a link that works; else null, whatever is wrong with it.</summary>
    public Task<OpenInvitation?> FindAsync(string? token, CancellationToken ct)
    {
        if (token is not { Length: > 0 and <= 100 })
            return Task.FromResult<OpenInvitation?>(null);
        var hash = InvitationLink.Hash(token);
        return database.InPlatformAsync(
            async (db, cancel) => await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.TokenHash == hash, cancel) is { } row
                && IsOpen(row, hash, time.GetUtcNow())
                && await db.Tenants.Where(t => t.Id == row.TenantId && t.ClosedAt == null).Select(t => t.Name).SingleOrDefaultAsync(cancel) is { } tenant
                    ? new OpenInvitation(row.TenantId, tenant, row.Email, row.Role)
                    : null,
            ct);
    }

    /// <summary>Makes the principal a member, once.</summary>
    /// <param name="address">The principal's own address, proved to be theirs.</param>
    public async Task<Written<MembershipAnswer>> AcceptAsync(string token, string principal, string address, WriteCall call, CancellationToken ct)
    {
        if (await FindAsync(token, ct) is not { } found || !IsFor(found.Email, address))
            return new() { Failure = Missing };
        return await writer.UnheardInPlatformAsync<MembershipAnswer>(
            found.Tenant, call, (write, cancel) => AcceptAsync(write, found.Tenant, InvitationLink.Hash(token), principal, address, cancel), ct);
    }

    public static bool IsFor(string invited, string address) => string.Equals(invited, address, StringComparison.OrdinalIgnoreCase);

    private static async Task<Outcome<MembershipAnswer>> AcceptAsync(
        ConfigWrite write, TenantId tenant, byte[] hash, string principal, string address, CancellationToken ct)
    {
        // The lock lets one acceptance through: the next one sees that it was used.
        if (await TenantRows.LockOpenAsync(write.Db, tenant, ct) is not { } owner
            || await write.Db.Invitations.SingleOrDefaultAsync(i => i.TenantId == tenant && i.TokenHash == hash, ct) is not { } row
            || !IsOpen(row, hash, write.Now))
            return Missing;
        if (await write.Db.Memberships.AnyAsync(m => m.TenantId == tenant && m.Principal == principal, ct))
            return Failure.Conflict(ProblemCodes.AlreadyMember, "You are a member of the tenant already.");
        var before = InvitationEndpoints.Answer(row, write.Now);
        (row.AcceptedAt, row.AcceptedBy) = (write.Now, principal);
        write.Db.Memberships.Add(new() { TenantId = tenant, Principal = principal, Role = row.Role, Email = address, CreatedAt = write.Now });
        write.Audit("invitation.accept", row.Id.ToString(), before, InvitationEndpoints.Answer(row, write.Now));
        return new MembershipAnswer(tenant, owner.Name, owner.Slug, row.Role);
    }

    private static bool IsOpen(InvitationRow row, byte[] hash, DateTimeOffset now) =>
        CryptographicOperations.FixedTimeEquals(row.TokenHash, hash) && row.AcceptedAt is null && row.RevokedAt is null && row.ExpiresAt > now;
}

internal sealed record OpenInvitation(TenantId Tenant, string TenantName, string Email, string Role);
