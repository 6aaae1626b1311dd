using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Platform.Control.Data;

namespace Platform.Control.Identity.Accounts;

/// <summary>Codes in links that are mailed. Each is good once and for a while; a newer one of the same purpose ends it.</summary>
internal sealed class OneTimeLinks(IdentityDb db, TimeProvider time)
{
    private const int CodeBytes = 32;
    private const int MostADay = 10;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static readonly TimeSpan ResetLifetime = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan ConfirmLifetime = TimeSpan.FromHours(24);

    /// <summary>The least time between two mails of a purpose to one user, whoever asks.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);

    /// <returns>The code; null where one was made within <see cref="Pause"/>, or <see cref="MostADay"/> within a day.</returns>
    public async Task<string?> MakeAsync(Guid user, string purpose, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var code = RandomNumberGenerator.GetBytes(CodeBytes);
        var until = now + (purpose == LinkPurposes.ResetPassword ? ResetLifetime : ConfirmLifetime);
        var made = await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO identity.one_time_links AS l (user_id, purpose, hash, created_at, expires_at, asked, asked_since)
             VALUES ({user}, {purpose}, {SHA256.HashData(code)}, {now}, {until}, 1, {now})
             ON CONFLICT (user_id, purpose) DO UPDATE
             SET hash = excluded.hash, created_at = excluded.created_at, expires_at = excluded.expires_at,
                 asked = CASE WHEN l.asked_since <= {now - Day} THEN 1 ELSE l.asked + 1 END,
                 asked_since = CASE WHEN l.asked_since <= {now - Day} THEN excluded.asked_since ELSE l.asked_since END
             WHERE l.created_at <= {now - Pause} AND (l.asked < {MostADay} OR l.asked_since <= {now - Day})
             """,
            ct);
        if (made == 0)
            return null;
        return Base64UrlEncoder.Encode(code);
    }

    /// <summary>Whether the code would be taken now; it stays good.</summary>
    public async Task<Guid?> LookAsync(string? code, string purpose, CancellationToken ct)
    {
        if (HashOf(code) is not { } hash)
            return null;
        var now = time.GetUtcNow();
        return await db.OneTimeLinks.Where(l => l.Hash == hash && l.Purpose == purpose && l.ExpiresAt > now)
            .Select(l => (Guid?)l.UserId).SingleOrDefaultAsync(ct);
    }

    /// <returns>Whose it was; null where it is wrong, was used, or ran out. Of two uses at once one wins.</returns>
    public async Task<Guid?> UseAsync(string? code, string purpose, CancellationToken ct)
    {
        if (HashOf(code) is not { } hash || await LookAsync(code, purpose, ct) is not { } user)
            return null;
        return await db.OneTimeLinks.Where(l => l.Hash == hash).ExecuteDeleteAsync(ct) == 1 ? user : null;
    }

    /// <summary>Ends the link that a user has for that purpose.</summary>
    public Task ForgetAsync(Guid user, string purpose, CancellationToken ct) =>
        db.OneTimeLinks.Where(l => l.UserId == user && l.Purpose == purpose).ExecuteDeleteAsync(ct);

    /// <summary>Removes what ran out before <paramref name="until"/>, when nobody counts by it any more.</summary>
    public Task<int> PruneAsync(DateTimeOffset until, CancellationToken ct) => db.OneTimeLinks.Where(l => l.ExpiresAt < until && l.AskedSince < until - Day).ExecuteDeleteAsync(ct);

    private static byte[]? HashOf(string? code)
    {
        if (code is not { Length: 43 })
            return null;
        try
        {
            return SHA256.HashData(Base64UrlEncoder.DecodeBytes(code));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
