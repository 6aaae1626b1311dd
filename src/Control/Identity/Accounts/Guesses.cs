using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;

namespace Platform.Control.Identity.Accounts;

/// <summary>
/// Counts guesses at a user's password and codes together. A guess is counted before it is looked at, in one conditional
/// update, so that many at once are as many as one after another.
/// </summary>
internal sealed class Guesses(IdentityDb db, TimeProvider time)
{
    public const int Most = 8;
    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(5);

    /// <returns>False where the account is locked: the guess is not to be looked at.</returns>
    public async Task<bool> CountAsync(Guid user, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? until = now + Lockout;
        return await db.Users.Where(u => u.Id == user && (u.LockoutEnd == null || u.LockoutEnd <= now))
            .ExecuteUpdateAsync(
                u => u
                    .SetProperty(r => r.LockoutEnd, r => r.AccessFailedCount + 1 >= Most ? until : null)
                    .SetProperty(r => r.AccessFailedCount, r => r.AccessFailedCount + 1 >= Most ? 0 : r.AccessFailedCount + 1),
                ct) == 1;
    }

    public Task<bool> IsLockedAsync(Guid user, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return db.Users.AnyAsync(u => u.Id == user && u.LockoutEnd > now, ct);
    }

    /// <summary>After a right one.</summary>
    public Task ClearAsync(Guid user, CancellationToken ct) =>
        db.Users.Where(u => u.Id == user)
            .ExecuteUpdateAsync(u => u.SetProperty(r => r.LockoutEnd, (DateTimeOffset?)null).SetProperty(r => r.AccessFailedCount, 0), ct);
}
