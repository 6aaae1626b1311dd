using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Platform.Contracts.Api;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Identity.Accounts;

namespace Platform.Control.Identity.External;

/// <summary>The account of a person whom a provider vouches for: found by issuer and subject, else by address, else made.</summary>
internal sealed class ExternalAccounts(
    UserManager<PlatformUser> users, SignInManager<PlatformUser> signIn, ExternalMembership membership, SignInWays ways, SignInCompletion completion, ILogger<ExternalAccounts> logger)
{
    /// <summary>Logins are the provider's own, not the issuer's: two tenants may use one issuer, and a provider may come to name another.</summary>
    public static string LoginOf(Guid provider) => $"provider-{provider:D}";

    /// <summary>Signs the person in, or says why not; both are in the tenant's trail.</summary>
    public async Task<ExternalResult<PlatformUser>> SignInAsync(HttpContext http, IdentityProviderRow provider, ExternalIdentity identity)
    {
        var result = await TryAsync(http, provider, identity);
        if (result.Failed)
        {
            var known = await users.FindByEmailAsync(identity.Email);
            var actor = ActorOf(http, known is null ? identity.Email : PrincipalOf(known), identity.Email);
            await membership.DenyAsync(provider, actor, result.Refusal, http.RequestAborted);
        }
        return result;
    }

    private async Task<ExternalResult<PlatformUser>> TryAsync(HttpContext http, IdentityProviderRow provider, ExternalIdentity identity)
    {
        var ct = http.RequestAborted;
        var role = ExternalMembership.RoleOf(provider, identity.Groups);
        var user = await users.FindByLoginAsync(LoginOf(provider.Id), KeyOf(provider, identity));
        var linked = user is not null;
        user ??= await users.FindByEmailAsync(identity.Email);

        // The login may have been made when the account had another address.
        if (user is not null && (SignInProviders.DomainOf(user.Email) != provider.Domain || await membership.IsOperatorAsync(PrincipalOf(user), ct)))
            return ExternalRefusals.Account;
        if (role is null && (user is null || (!linked && !await membership.IsGivenAsync(provider, PrincipalOf(user), ct))))
            return ExternalRefusals.Groups;
        user ??= await MakeAsync(identity.Email);
        if (user is null || (!linked && !await LinkAsync(user, provider, identity, ct)) || !await signIn.CanSignInAsync(user))
            return ExternalRefusals.Account;
        if (await membership.SetAsync(provider, ActorOf(http, PrincipalOf(user), user.Email), role, ct) is null)
            return ExternalRefusals.Groups;
        if (!await completion.SucceedAsync(user, provider, ct))
            return ExternalRefusals.Provider;
        Log.SignedIn(logger, user.Id, provider.Id);
        return user;
    }

    private static Actor ActorOf(HttpContext http, string principal, string? email) =>
        new(principal, ActorKinds.User, email, http.Connection.RemoteIpAddress?.ToString());

    private static string PrincipalOf(PlatformUser user) => user.Id.ToString("D");

    private async Task<PlatformUser?> MakeAsync(string email)
    {
        var user = new PlatformUser { Id = Guid.CreateVersion7(), UserName = email, Email = email, EmailConfirmed = true };
        return (await users.CreateAsync(user)).Succeeded ? user : null;
    }

    /// <summary>
    /// The domain is verified, so the provider's word for the address counts, in its tenant: the session of such a sign-in
    /// is good there only, and changes nothing about the account. Who registered an address without ever
    /// confirming it may be somebody else: their password and second factors do not stay.
    /// </summary>
    private async Task<bool> LinkAsync(PlatformUser user, IdentityProviderRow provider, ExternalIdentity identity, CancellationToken ct)
    {
        if (!user.EmailConfirmed)
        {
            (user.EmailConfirmed, user.PasswordHash, user.TwoFactorEnabled, user.TotpSecret) = (true, null, false, null);
            if (!(await users.UpdateSecurityStampAsync(user)).Succeeded)
                return false;
            await ways.EndAsync(user.Id, others: true, ct);
        }
        return (await users.AddLoginAsync(user, new(LoginOf(provider.Id), KeyOf(provider, identity), provider.Name))).Succeeded;
    }

    /// <summary>A subject is the issuer's word to one client, and of any length; logins are kept by at most 128 characters.</summary>
    private static string KeyOf(IdentityProviderRow provider, ExternalIdentity identity) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{provider.Issuer}\n{provider.ClientId}\n{identity.Subject}")));
}
