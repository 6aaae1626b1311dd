using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;
using Platform.Control.Secrets;

namespace Platform.Control.Identity.TwoFactor;

/// <summary>A user's authenticator app. Its secret is sealed with the master key; a code is taken once.</summary>
internal sealed class Authenticator(IdentityDb db, MasterKey master, TimeProvider time)
{
    private const int Digits = 6;
    private const string Issuer = "Platform";

    /// <summary>Makes a secret for an app that is to be set up; the user is to be saved.</summary>
    public void Prepare(PlatformUser user)
    {
        var secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        user.TotpSecret = master.Seal(secret, ContextOf(user));
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>The secret as the user types it into the app.</summary>
    public string SecretOf(PlatformUser user) => Totp.Base32(Open(user) ?? throw new InvalidOperationException("There is no secret."));

    /// <summary>The secret as the app reads it from a picture (otpauth, the Key Uri Format of Google Authenticator).</summary>
    public string AddressOf(PlatformUser user) =>
        $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(user.Email ?? "")}?secret={SecretOf(user)}&issuer={Issuer}";

    /// <summary>Takes a code once: neither it nor an older one is good afterwards.</summary>
    public async Task<bool> TakeAsync(PlatformUser user, string? code, CancellationToken ct)
    {
        var plain = code?.Replace(" ", "", StringComparison.Ordinal);
        if (plain is not { Length: Digits } || Open(user) is not { } secret || Totp.StepOf(secret, plain, time.GetUtcNow()) is not { } step)
            return false;
        return await db.Users.Where(u => u.Id == user.Id && (u.TotpStep == null || u.TotpStep < step))
            .ExecuteUpdateAsync(u => u.SetProperty(r => r.TotpStep, step), ct) == 1;
    }

    private byte[]? Open(PlatformUser user) => user.TotpSecret is { } secret ? master.Open(secret, ContextOf(user)) : null;

    private static string ContextOf(PlatformUser user) => $"totp:{user.Id:D}";
}
