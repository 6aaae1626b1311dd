using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;

namespace Platform.Control.Identity.TwoFactor;

/// <summary>Ten codes for who lost the authenticator app, each good once. They are shown once and stored as hashes.</summary>
internal sealed class RecoveryCodes(IdentityDb db)
{
    public const int Count = 10;

    private const int CodeBytes = 10;
    private const int CodeLetters = 16;

    /// <summary>Ends the old ones.</summary>
    public async Task<IReadOnlyList<string>> MakeAsync(Guid user, CancellationToken ct)
    {
        var codes = Enumerable.Range(0, Count).Select(_ => Totp.Base32(RandomNumberGenerator.GetBytes(CodeBytes))).ToList();
        await DeleteAsync(user, ct);
        db.RecoveryCodes.AddRange(codes.Select(c => new Data.Entities.RecoveryCodeRow { UserId = user, Hash = HashOf(c) }));
        await db.SaveChangesAsync(ct);
        return codes.ConvertAll(c => string.Join('-', c.Chunk(4).Select(part => new string(part))));
    }

    public async Task<bool> UseAsync(Guid user, string? code, CancellationToken ct)
    {
        var plain = code?.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        if (plain is not { Length: CodeLetters })
            return false;
        var hash = HashOf(plain);
        return await db.RecoveryCodes.Where(c => c.UserId == user && c.Hash == hash).ExecuteDeleteAsync(ct) == 1;
    }

    public Task<int> LeftAsync(Guid user, CancellationToken ct) => db.RecoveryCodes.CountAsync(c => c.UserId == user, ct);

    public Task DeleteAsync(Guid user, CancellationToken ct) => db.RecoveryCodes.Where(c => c.UserId == user).ExecuteDeleteAsync(ct);

    private static byte[] HashOf(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));
}
