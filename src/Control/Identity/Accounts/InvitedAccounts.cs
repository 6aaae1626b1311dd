using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Identity.Accounts;

/// <summary>The account that somebody enters by the mailed link of an invitation, which proves the address.</summary>
internal sealed class InvitedAccounts(UserManager<PlatformUser> users, PasswordChanges passwords, SignInCompletion completion, TimeProvider time)
{
    /// <summary>Who came by a tenant's provider counts in that tenant only, and is nobody here.</summary>
    public async Task<PlatformUser?> SignedInAsync(HttpContext http) =>
        (await http.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Principal is { } principal && !SessionClaim.IsByProvider(principal)
            ? await users.GetUserAsync(principal)
            : null;

    public async Task<bool> IsConfirmedAsync(string address) => await users.FindByEmailAsync(address) is { EmailConfirmed: true };

    /// <summary>Makes the account; one that nobody had confirmed loses what whoever made it put there.</summary>
    public async Task<InvitedAccount> EnterAsync(string address, string? password, CancellationToken ct)
    {
        if (await users.FindByEmailAsync(address) is { } found)
            return new(found, found.EmailConfirmed ? ["There is an account: open the link again and sign in."] : await passwords.ClaimAsync(found, password, ct), IsNew: false);
        var made = new PlatformUser { Id = Guid.CreateVersion7(time.GetUtcNow()), UserName = address, Email = address, EmailConfirmed = true };
        if (await passwords.FaultsAsync(made, password) is { Count: > 0 } faults)
            return new(made, faults, IsNew: true);
        return new(made, [.. (await users.CreateAsync(made, password!)).Errors.Select(e => e.Description)], IsNew: true);
    }

    /// <summary>Takes back what <see cref="EnterAsync"/> made.</summary>
    public Task LeaveAsync(InvitedAccount entered) => entered.IsNew ? users.DeleteAsync(entered.User) : Task.CompletedTask;

    public Task SignInAsync(PlatformUser user, CancellationToken ct) => completion.SucceedAsync(user, SignInMethods.Invitation, ct);
}

/// <param name="Faults">What is wrong with the password; empty where the account is there.</param>
internal sealed record InvitedAccount(PlatformUser User, IReadOnlyList<string> Faults, bool IsNew);
