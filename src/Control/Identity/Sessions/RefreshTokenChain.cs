using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using Platform.Control.Data;

namespace Platform.Control.Identity.Sessions;

/// <summary>
/// Codes and refresh tokens are good once: a conditional update of the token's row decides which of several uses at once
/// wins, whichever process they came to.
/// </summary>
internal sealed class RefreshTokenChain(IdentityDb db, UserSessions sessions, SecurityEvents events, TimeProvider time, ILogger<RefreshTokenChain> logger)
{
    /// <returns>False where somebody else redeemed it, or it was revoked.</returns>
    public async Task<bool> TryRedeemAsync(Guid token, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return await db.Database.ExecuteSqlAsync(
            $"UPDATE identity.tokens SET status = 'redeemed', redemption_date = {now} WHERE id = {token} AND status = 'valid'", ct) == 1;
    }

    public Task<bool> IsRedeemedAsync(Guid token, CancellationToken ct) =>
        db.Set<OpenIddict.EntityFrameworkCore.Models.OpenIddictEntityFrameworkCoreToken<Guid>>()
            .AnyAsync(t => t.Id == token && t.Status == OpenIddictConstants.Statuses.Redeemed, ct);

    /// <summary>
    /// Two parties hold the same token, and nobody knows which of them is the thief: neither goes on (RFC 9700, section
    /// 4.14.2). The authorization is revoked too, which also ends tokens that another request is just making.
    /// </summary>
    /// <param name="session">The session that the token is of.</param>
    public async Task RevokeAsync(Guid token, string? subject, Guid? session, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
             WITH chain AS (SELECT authorization_id FROM identity.tokens WHERE id = {token}),
             a AS (UPDATE identity.authorizations SET status = 'revoked' WHERE id IN (SELECT authorization_id FROM chain))
             UPDATE identity.tokens SET status = 'revoked'
             WHERE authorization_id IN (SELECT authorization_id FROM chain) AND status = 'valid'
             """,
            ct);
        Log.RefreshTokenReused(logger, subject);
        var provider = session is { } id ? await sessions.ProviderOfAsync(id, ct) : null;
        await events.RecordAsync(SecurityEvent.RefreshTokenReused, Guid.TryParse(subject, out var user) ? user : null, provider: provider);
    }
}
