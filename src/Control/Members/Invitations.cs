using System.Linq.Expressions;
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
    private const int MaxToken = 100;

    private static readonly Failure Missing = Failure.NotFound(InvitationEndpoints.Thing);

    /// <summary>The invitation behind a link that works; else null, whatever is wrong with it.</summary>
    public Task<OpenInvitation?> FindAsync(string? token, CancellationToken ct)
    {
        if (HashOf(token) is not { } hash)
            return Task.FromResult<OpenInvitation?>(null);
        return database.InPlatformAsync(
            async (db, cancel) => await db.Invitations.AsNoTracking().SingleOrDefaultAsync(Behind(hash), cancel) is { } row
                && await IsOpenAsync(db, row, hash, time.GetUtcNow(), cancel)
                && await db.Tenants.Where(t => t.Id == row.TenantId && t.ClosedAt == null).Select(t => t.Name).SingleOrDefaultAsync(cancel) is { } tenant
                    ? new OpenInvitation(row.TenantId, tenant, row.Email, row.Role, IsMailed(row, hash))
                    : null,
            ct);
    }

    /// <summary>Makes the principal a member, once; a repetition under the same idempotency key answers what it did.</summary>
    /// <param name="address">The principal's own address, proved to be theirs.</param>
    public async Task<Written<MembershipAnswer>> AcceptAsync(string token, string principal, string address, WriteCall call, CancellationToken ct)
    {
        // Whether it is still open is for the write to say, which knows what was answered before.
        if (HashOf(token) is not { } hash
            || await database.InPlatformAsync(
                (db, cancel) => db.Invitations.Where(Behind(hash)).Select(i => (TenantId?)i.TenantId).SingleOrDefaultAsync(cancel), ct) is not { } tenant)
            return new() { Failure = Missing };
        return await writer.UnheardInPlatformAsync<MembershipAnswer>(
            tenant, call, (write, cancel) => AcceptAsync(write, tenant, hash, principal, address, cancel), ct);
    }

    public static bool IsFor(string invited, string address) => string.Equals(invited, address, StringComparison.OrdinalIgnoreCase);

    private static async Task<Outcome<MembershipAnswer>> AcceptAsync(
        ConfigWrite write, TenantId tenant, byte[] hash, string principal, string address, CancellationToken ct)
    {
        // The lock lets one acceptance through: the next one sees that it was used.
        if (await TenantRows.LockOpenAsync(write.Db, tenant, ct) is not { } owner
            || await write.Db.Invitations.Where(i => i.TenantId == tenant).SingleOrDefaultAsync(Behind(hash), ct) is not { } row
            || !IsFor(row.Email, address)
            || !await IsOpenAsync(write.Db, row, hash, write.Now, ct))
            return Missing;
        if (await Inviters.IsOfPlatformAsync(write.Db, principal, ct))
            return Ownership.Forbidden("Operators are members of no tenant: they enter it with an exchanged token.");
        if (await write.Db.Memberships.AnyAsync(m => m.TenantId == tenant && m.Principal == principal, ct))
            return Failure.Conflict(ProblemCodes.AlreadyMember, "You are a member of the tenant already.");
        var before = InvitationEndpoints.Answer(row, write.Now);
        (row.AcceptedAt, row.AcceptedBy) = (write.Now, principal);
        write.Db.Memberships.Add(new() { TenantId = tenant, Principal = principal, Role = row.Role, Email = address, CreatedAt = write.Now });
        write.Audit("invitation.accept", row.Id.ToString(), before, InvitationEndpoints.Answer(row, write.Now));
        return new MembershipAnswer(tenant, owner.Name, owner.Slug, row.Role);
    }

    private static byte[]? HashOf(string? token) => token is { Length: > 0 and <= MaxToken } ? InvitationLink.Hash(token) : null;

    private static Expression<Func<InvitationRow, bool>> Behind(byte[] hash) => i => i.TokenHash == hash || i.MailedTokenHash == hash;

    private static bool IsMailed(InvitationRow row, byte[] hash) =>
        row.MailedTokenHash is { } mailed && CryptographicOperations.FixedTimeEquals(mailed, hash);

    private static async Task<bool> IsOpenAsync(ControlDb db, InvitationRow row, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        (CryptographicOperations.FixedTimeEquals(row.TokenHash, hash) || IsMailed(row, hash))
        && row.AcceptedAt is null && row.RevokedAt is null && row.ExpiresAt > now
        && await Inviters.MayStillAsync(db, row, ct);
}

/// <param name="IsMailed">The link is the mailed one: whoever has it reads the address's mail.</param>
internal sealed record OpenInvitation(TenantId Tenant, string TenantName, string Email, string Role, bool IsMailed);
