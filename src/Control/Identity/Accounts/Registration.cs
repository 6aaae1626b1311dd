using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Control.Access;
using Platform.Control.Data;
using Platform.Control.Identity.Mail;

namespace Platform.Control.Identity.Accounts;

/// <summary>
/// Accounts that people ask for themselves, where tenants can be signed up: by a mail, which proves the address. Whether the
/// address has an account is found out after the answer.
/// </summary>
internal sealed class Registration(Database database, IdentityDb identity, IdentitySettings settings, MailQueue mails, TimeProvider time)
{
    /// <summary>How long an account waits for its first confirmation; a further mail can be asked for until then.</summary>
    public static readonly TimeSpan Waits = TimeSpan.FromDays(7);

    public async Task<bool> IsOpenAsync(CancellationToken ct) =>
        settings.Authority is null
        && await database.InPlatformAsync((db, token) => db.PlatformSettings.Select(s => s.SignUpMode).SingleAsync(token), ct) != SignUpModes.Off;

    public void Ask(string address) => mails.Add(new MailRequest.NewAccount(address, ReturnPath: null));

    /// <summary>
    /// Removes accounts that were asked for, never confirmed, and are nobody's: no way to sign in, no tenant, no link that still
    /// works. When one was made is in its id (RFC 9562, section 5.7).
    /// </summary>
    public Task<int> PruneAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var until = Guid.CreateVersion7(now - Waits);
        return identity.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM identity.users u
             WHERE NOT u.email_confirmed AND u.password_hash IS NULL AND u.id < {until} AND substr(u.id::text, 15, 1) = '7'
               AND NOT EXISTS (SELECT FROM identity.user_logins l WHERE l.user_id = u.id)
               AND NOT EXISTS (SELECT FROM identity.user_passkeys p WHERE p.user_id = u.id)
               AND NOT EXISTS (SELECT FROM identity.sessions s WHERE s.user_id = u.id)
               AND NOT EXISTS (SELECT FROM identity.one_time_links o WHERE o.user_id = u.id AND o.expires_at > {now})
               AND NOT EXISTS (SELECT FROM public.memberships m WHERE m.principal = u.id::text)
               AND NOT EXISTS (SELECT FROM public.operators o WHERE o.principal = u.id::text)
               AND NOT EXISTS (SELECT FROM public.sign_ups s WHERE s.principal = u.id::text)
             """,
            ct);
    }
}
