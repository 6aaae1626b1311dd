using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Identity.Passwords;
using Platform.Control.Identity.Sessions;
using Platform.Control.Identity.TwoFactor;

namespace Platform.Control.Identity.Accounts;

internal enum SignInStep
{
    Refused,
    CodeNeeded,
    Done,
}

/// <summary>
/// E-mail address and password. Whatever is wrong (nobody of that name, the password, too many tries, an address that was
/// never confirmed), the refusal is the same and takes as long.
/// </summary>
internal sealed class PasswordSignIn(
    UserManager<PlatformUser> users,
    SignInManager<PlatformUser> signIn,
    IPasswordHasher<PlatformUser> hasher,
    Guesses guesses,
    SecondStep second,
    SignInCompletion completion,
    TimeProvider time)
{
    private const int MaxEmail = 256;

    /// <summary>Longer than a refusal takes of itself.</summary>
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(300);

    private static readonly PlatformUser Nobody = new();
    private static string? nobodysHash;

    public async Task<SignInStep> TryAsync(string? email, string? password, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var step = await StepAsync(email?.Trim(), password, ct);
        if (step is SignInStep.Refused && Floor - time.GetElapsedTime(began) is { Ticks: > 0 } left)
            await Task.Delay(left, time, ct);
        return step;
    }

    private async Task<SignInStep> StepAsync(string? email, string? password, CancellationToken ct)
    {
        if (email is not { Length: > 0 and <= MaxEmail } || password is not { Length: > 0 and <= PasswordRules.MaxLength })
            return SignInStep.Refused;
        var user = await users.FindByEmailAsync(email);
        if (user is null || !await guesses.CountAsync(user.Id, ct))
        {
            nobodysHash ??= hasher.HashPassword(Nobody, "a password of nobody");
            hasher.VerifyHashedPassword(Nobody, nobodysHash, password);
            return await RefuseAsync(user, ct);
        }
        if (!await users.CheckPasswordAsync(user, password) || !await signIn.CanSignInAsync(user))
            return await RefuseAsync(user, ct);
        if (user.TwoFactorEnabled)
        {
            await second.BeginAsync(user);
            return SignInStep.CodeNeeded;
        }
        await completion.SucceedAsync(user, SignInMethods.Password, ct);
        return SignInStep.Done;
    }

    private async Task<SignInStep> RefuseAsync(PlatformUser? user, CancellationToken ct)
    {
        await completion.RefuseAsync(user, null, ct);
        return SignInStep.Refused;
    }
}
