using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Identity.Passkeys;

/// <summary>
/// Passkeys (Web Authentication, level 3), with user verification always: one is two factors, the device and what opens
/// it, so that no code is asked for.
/// </summary>
internal sealed class UserPasskeys(
    UserManager<PlatformUser> users,
    SignInManager<PlatformUser> signIn,
    SignInCompletion completion,
    SecurityEvents events,
    UserSessions sessions,
    IdentityDb db,
    ILogger<UserPasskeys> logger)
{
    public const int Most = 20;
    public const int MaxName = 64;

    private const int MaxCredential = 32 * 1024;

    /// <summary>JSON for <c>navigator.credentials.create</c>; what it asks for is kept in a cookie for five minutes.</summary>
    public Task<string> CreationOptionsAsync(PlatformUser user) => signIn.MakePasskeyCreationOptionsAsync(new()
    {
        Id = user.Id.ToString("D"),
        Name = user.Email ?? "",
        DisplayName = user.Email ?? "",
    });

    /// <summary>JSON for <c>navigator.credentials.get</c>, for whichever user the browser has a passkey of.</summary>
    public Task<string> RequestOptionsAsync() => signIn.MakePasskeyRequestOptionsAsync(null);

    public Task<IList<UserPasskeyInfo>> ListAsync(PlatformUser user) => users.GetPasskeysAsync(user);

    /// <param name="session">It must live when the passkey is there: whatever ends sessions also ends passkeys, and comes before or after.</param>
    public async Task<bool> AddAsync(PlatformUser user, Guid session, string? credential, string? name, CancellationToken ct)
    {
        if (credential is not { Length: > 0 and <= MaxCredential } || (await ListAsync(user)).Count >= Most)
            return false;
        PasskeyAttestationResult result;
        try
        {
            result = await signIn.PerformPasskeyAttestationAsync(credential);
        }
        catch (InvalidOperationException e)
        {
            return Refused(e);
        }
        if (!result.Succeeded || result.UserEntity.Id != user.Id.ToString("D"))
            return Refused(result.Failure);
        result.Passkey.Name = string.IsNullOrWhiteSpace(name) ? "Passkey" : name.Trim()[..Math.Min(name.Trim().Length, MaxName)];
        var added = await users.AddOrUpdatePasskeyAsync(user, result.Passkey);
        if (!added.Succeeded || !await sessions.TouchAsync(session, user.Id, ct))
        {
            // Identity stores it before it finds that the user was changed.
            await db.UserPasskeys.Where(p => p.UserId == user.Id && p.CredentialId == result.Passkey.CredentialId).ExecuteDeleteAsync(CancellationToken.None);
            return false;
        }
        await events.RecordAsync(SecurityEvent.PasskeyAdded, user.Id);
        return true;
    }

    public async Task<bool> RemoveAsync(PlatformUser user, byte[] id)
    {
        if (await users.GetPasskeyAsync(user, id) is null || !(await users.RemovePasskeyAsync(user, id)).Succeeded)
            return false;
        await events.RecordAsync(SecurityEvent.PasskeyRemoved, user.Id);
        return true;
    }

    public async Task<SignInStep> SignInAsync(string? credential, CancellationToken ct)
    {
        if (credential is { Length: > 0 and <= MaxCredential } && await AssertAsync(credential, ct) is { } user)
        {
            await completion.SucceedAsync(user, SignInMethods.Passkey, ct);
            return SignInStep.Done;
        }
        return SignInStep.Refused;
    }

    private async Task<PlatformUser?> AssertAsync(string credential, CancellationToken ct)
    {
        PasskeyAssertionResult<PlatformUser> result;
        try
        {
            result = await signIn.PerformPasskeyAssertionAsync(credential);
        }
        catch (InvalidOperationException e)
        {
            Refused(e);
            await completion.RefuseAsync(null, SignInMethods.Passkey, ct);
            return null;
        }
        if (!result.Succeeded)
            Refused(result.Failure);
        else if (await signIn.CanSignInAsync(result.User))
        {
            // A lock by wrong passwords is not asked for: anybody can bring one about, and nobody guesses a passkey.

            // The count of its uses, so that a copy of it is noticed.
            await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey);
            return result.User;
        }
        await completion.RefuseAsync(result.User, SignInMethods.Passkey, ct);
        return null;
    }

    /// <summary>An InvalidOperationException says that no options were asked for, or too long ago: there is no other sign of it.</summary>
    private bool Refused(Exception? reason)
    {
        Log.PasskeyRefused(logger, reason?.Message ?? "it is another user's");
        return false;
    }
}
