using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Identity.TwoFactor;

/// <summary>After the password: a code of the authenticator app, or a recovery code. A cookie of five minutes says whose.</summary>
internal sealed class SecondStep(
    UserManager<PlatformUser> users,
    IHttpContextAccessor http,
    Authenticator authenticator,
    RecoveryCodes recovery,
    Guesses guesses,
    SignInCompletion completion)
{
    public const string Scheme = "second-step";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string StampClaim = "stamp";

    private HttpContext Context => http.HttpContext ?? throw new InvalidOperationException("There is no request.");

    public Task BeginAsync(PlatformUser user) => Context.SignInAsync(
        Scheme,
        new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, user.Id.ToString("D")), new(StampClaim, user.SecurityStamp!)], Scheme)));

    /// <summary>Who gave a right password a moment ago; null for everybody else.</summary>
    public async Task<PlatformUser?> UserAsync()
    {
        var principal = (await Context.AuthenticateAsync(Scheme)).Principal;
        var user = principal is null ? null : await users.GetUserAsync(principal);
        return user is { TwoFactorEnabled: true } && user.SecurityStamp == principal!.FindFirstValue(StampClaim) ? user : null;
    }

    public async Task<SignInStep> TryAsync(string? code, CancellationToken ct)
    {
        if (await UserAsync() is not { } user)
            return SignInStep.Refused;
        if (await guesses.CountAsync(user.Id, ct) && await MethodOfAsync(user, code, ct) is { } method)
        {
            await completion.SucceedAsync(user, method, ct);
            await Context.SignOutAsync(Scheme);
            return SignInStep.Done;
        }
        await completion.RefuseAsync(user, "code", ct);
        return SignInStep.CodeNeeded;
    }

    private async Task<string?> MethodOfAsync(PlatformUser user, string? code, CancellationToken ct)
    {
        if (await authenticator.TakeAsync(user, code, ct))
            return SignInMethods.PasswordAndCode;
        return await recovery.UseAsync(user.Id, code, ct) ? SignInMethods.PasswordAndRecoveryCode : null;
    }
}
