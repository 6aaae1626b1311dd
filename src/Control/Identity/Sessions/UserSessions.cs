using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Platform.Control.Access;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Identity.Sessions;

/// <summary>The sessions of users: begun by a sign-in, kept alive by use, ended by the user or by a change of password.</summary>
internal sealed class UserSessions(IdentityDb db, IHttpContextAccessor http, TimeProvider time)
{
    /// <summary>How long a session lasts without use; refresh tokens last as long.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>How long a session lasts at most (NIST SP 800-63B, section 4.1.3).</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>How long a session by a tenant's provider lasts at most: then the provider is asked again, and its groups count.</summary>
    public static readonly TimeSpan LongestByProvider = TimeSpan.FromHours(12);

    private const int MaxListed = 100;

    /// <summary>Use is noted this exactly, so that not every request writes.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);

    /// <param name="provider">The tenant's identity provider that vouched for the user.</param>
    /// <returns>Null where the provider was changed since it was read.</returns>
    public async Task<Guid?> BeginAsync(PlatformUser user, string method, IdentityProviderRow? provider, CancellationToken ct)
    {
        var session = New(user, method, provider);
        var began = await db.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                db.ChangeTracker.Clear();
                await using var transaction = await db.Database.BeginTransactionAsync(token);

                // A change of the provider waits for this lock, and ends the session then; or this waits for the change, and sees it.
                if (provider is not null && await LockAsync(provider, token) is 0)
                    return false;
                db.Sessions.Add(session);
                await db.SaveChangesAsync(token);
                await transaction.CommitAsync(token);
                return true;
            },
            ct);
        return began ? session.Id : null;
    }

    private async Task<int> LockAsync(IdentityProviderRow provider, CancellationToken ct)
    {
        var (id, version) = (provider.Id, provider.Version);
        var found = await db.Database
            .SqlQuery<Guid>($"SELECT id AS \"Value\" FROM public.identity_providers WHERE id = {id} AND version = {version} FOR SHARE")
            .ToListAsync(ct);
        return found.Count;
    }

    private SessionRow New(PlatformUser user, string method, IdentityProviderRow? provider)
    {
        var now = time.GetUtcNow();
        var client = ClientAddress.Of(http.HttpContext);
        return new()
        {
            Id = Guid.NewGuid(),
            UserId = user.Id,
            Stamp = user.SecurityStamp ?? throw new InvalidOperationException("The user has no security stamp."),
            Method = method,
            ProviderId = provider?.Id,
            ProviderTenantId = provider?.TenantId.Value,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + Idle,
            Address = client.Address,
            UserAgent = client.UserAgent,
        };
    }

    /// <summary>Notes that a session is in use.</summary>
    /// <returns>False where it does not live any more, or is not that user's.</returns>
    public async Task<bool> TouchAsync(Guid id, Guid user, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var found = await Live(user, now).Where(s => s.Id == id).Select(s => new { s.CreatedAt, s.LastUsedAt, s.ProviderId }).SingleOrDefaultAsync(ct);
        if (found is null)
            return false;
        if (now - found.LastUsedAt < Tick)
            return true;
        var last = found.CreatedAt + (found.ProviderId is null ? Longest : LongestByProvider);
        var until = now + Idle < last ? now + Idle : last;
        await db.Sessions.Where(s => s.Id == id && s.LastUsedAt < now)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.LastUsedAt, now).SetProperty(r => r.ExpiresAt, until), ct);
        return true;
    }

    /// <summary>The tenant's provider that began a session; null for a sign-in of our own.</summary>
    public async Task<ProviderSignIn?> ProviderOfAsync(Guid id, CancellationToken ct) =>
        await db.Sessions.Where(s => s.Id == id).Select(s => new { s.ProviderTenantId, s.ProviderId }).SingleOrDefaultAsync(ct)
            is { ProviderTenantId: { } tenant, ProviderId: { } provider } ? new(new(tenant), provider) : null;

    /// <summary>The user's live sessions, the one that was used last first.</summary>
    /// <param name="by">Who asks is signed in by it: they see what that provider began, and nothing of the user's other sign-ins.</param>
    public async Task<IReadOnlyList<UserSession>> ListAsync(Guid user, ProviderSignIn? by, CancellationToken ct)
    {
        var rows = await Live(user, time.GetUtcNow()).Where(Reached(by)).OrderByDescending(s => s.LastUsedAt).Take(MaxListed).AsNoTracking().ToListAsync(ct);
        var ids = rows.ConvertAll(s => s.Id);
        var grants = await db.SessionGrants.Where(g => ids.Contains(g.SessionId)).Select(g => new { g.SessionId, g.ClientId }).Distinct().ToListAsync(ct);
        var clients = grants.ToLookup(g => g.SessionId, g => g.ClientId);
        return [.. rows.Select(s => new UserSession(s, [.. clients[s.Id].Order(StringComparer.Ordinal)]))];
    }

    /// <summary>Keeps one session over a change of the user's security stamp, which ends all others.</summary>
    public Task KeepAsync(Guid id, PlatformUser user, CancellationToken ct) =>
        db.Sessions.Where(s => s.Id == id && s.UserId == user.Id && s.EndedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.Stamp, user.SecurityStamp), ct);

    /// <param name="by">As of <see cref="ListAsync"/>: what is not seen is not ended.</param>
    public Task<int> EndAsync(Guid user, Guid id, ProviderSignIn? by, CancellationToken ct) =>
        EndAsync(db.Sessions.Where(Reached(by)).Where(s => s.UserId == user && s.Id == id), ct);

    public Task<int> EndOthersAsync(Guid user, Guid kept, CancellationToken ct) => EndAsync(db.Sessions.Where(s => s.UserId == user && s.Id != kept), ct);

    /// <summary>Everywhere: also what clients hold without a session.</summary>
    /// <param name="by">As of <see cref="ListAsync"/>: then of that provider's only.</param>
    public async Task<int> EndAllAsync(Guid user, ProviderSignIn? by, CancellationToken ct)
    {
        var ended = await EndAsync(db.Sessions.Where(Reached(by)).Where(s => s.UserId == user), ct);
        if (by is not null)
            return ended;
        var subject = user.ToString("D");
        await db.Database.ExecuteSqlAsync(
            $"""
             WITH a AS (
                 UPDATE identity.authorizations SET status = 'revoked' WHERE subject = {subject} AND status <> 'revoked')
             UPDATE identity.tokens SET status = 'revoked' WHERE subject = {subject} AND status = 'valid'
             """,
            ct);
        return ended;
    }

    /// <summary>Removes what ended or ran out before <paramref name="until"/>.</summary>
    public Task<int> PruneAsync(DateTimeOffset until, CancellationToken ct) =>
        db.Sessions.Where(s => s.ExpiresAt < until || s.EndedAt < until).ExecuteDeleteAsync(ct);

    /// <summary>In one statement: the sessions, the authorizations that clients got in them, and their tokens.</summary>
    private async Task<int> EndAsync(IQueryable<SessionRow> which, CancellationToken ct)
    {
        var ids = await which.Where(s => s.EndedAt == null).Select(s => s.Id).ToArrayAsync(ct);
        var now = time.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"""
             WITH ended AS (
                 UPDATE identity.sessions SET ended_at = {now} WHERE id = ANY({ids}) AND ended_at IS NULL),
             granted AS (
                 SELECT authorization_id FROM identity.session_grants WHERE session_id = ANY({ids})),
             a AS (
                 UPDATE identity.authorizations SET status = 'revoked' WHERE id IN (SELECT authorization_id FROM granted))
             UPDATE identity.tokens SET status = 'revoked'
             WHERE authorization_id IN (SELECT authorization_id FROM granted) AND status = 'valid'
             """,
            ct);
        return ids.Length;
    }

    private static Expression<Func<SessionRow, bool>> Reached(ProviderSignIn? by) =>
        by is null ? _ => true : s => s.ProviderId == by.Id;

    private IQueryable<SessionRow> Live(Guid user, DateTimeOffset now) =>
        db.Sessions.Where(s => s.UserId == user && s.EndedAt == null && s.ExpiresAt > now
            && db.Users.Any(u => u.Id == user && u.SecurityStamp == s.Stamp));
}

internal sealed record UserSession(SessionRow Row, IReadOnlyList<string> Clients);
