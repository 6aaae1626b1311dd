using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;

namespace Platform.Control.Identity.External;

/// <summary>What people got by a provider ends in the transaction of the change that makes the provider another one.</summary>
internal static class ProviderSessions
{
    /// <param name="forgetsPeople">Whom the provider called what counts no more either.</param>
    public static async Task EndAsync(ControlDb db, Guid provider, bool forgetsPeople, CancellationToken ct)
    {
        // The change first: with the provider's row locked, no session begins any more by what the row said before.
        await db.SaveChangesAsync(ct);
        await db.Database.ExecuteSqlAsync(
            $"""
             WITH ended AS (
                 UPDATE identity.sessions SET ended_at = now() WHERE provider_id = {provider} AND ended_at IS NULL RETURNING id),
             granted AS (
                 SELECT authorization_id FROM identity.session_grants WHERE session_id IN (SELECT id FROM ended)),
             a AS (
                 UPDATE identity.authorizations SET status = 'revoked' WHERE id IN (SELECT authorization_id FROM granted))
             UPDATE identity.tokens SET status = 'revoked'
             WHERE authorization_id IN (SELECT authorization_id FROM granted) AND status = 'valid'
             """,
            ct);
        if (forgetsPeople)
            await db.Database.ExecuteSqlAsync($"DELETE FROM identity.user_logins WHERE login_provider = {ExternalAccounts.LoginOf(provider)}", ct);
    }
}
