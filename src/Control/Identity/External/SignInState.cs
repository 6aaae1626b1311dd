using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Control.Identity.External;

/// <summary>What the browser brings back from a provider has to belong to what it was sent there with.</summary>
/// <param name="State">RFC 6749, section 10.12.</param>
/// <param name="Nonce">OpenID Connect Core, section 15.5.2.</param>
/// <param name="Verifier">RFC 7636.</param>
/// <param name="ReturnUrl">A path of ours to go on with.</param>
internal sealed record SignInState(Guid ProviderId, string State, string Nonce, string Verifier, string? ReturnUrl, DateTimeOffset Until);

/// <summary>Sign-ins that are under way, each in its browser's cookie, sealed.</summary>
internal sealed class SignInStates(IDataProtectionProvider protection, ControlSettings control, UsedStates used, TimeProvider time)
{
    private const int MaxReturnUrl = 2000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly IDataProtector _protector = protection.CreateProtector("external-sign-in");

    private string CookieName => control.IsPlainLoopback ? "platform-external" : "__Host-platform-external";

    public SignInState Begin(HttpContext http, Guid providerId, string? returnUrl)
    {
        var kept = returnUrl is { Length: <= MaxReturnUrl } ? returnUrl : null;
        var state = new SignInState(providerId, Random(), Random(), Random(), kept, time.GetUtcNow() + Lifetime);
        http.Response.Cookies.Append(CookieName, Base64UrlEncoder.Encode(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(state))), Options());
        return state;
    }

    /// <summary>The sign-in that the answer belongs to, once; null where there is none, or it is another's or too old.</summary>
    public SignInState? Take(HttpContext http, Guid providerId, string? stateParameter)
    {
        var cookie = http.Request.Cookies[CookieName];
        http.Response.Cookies.Delete(CookieName, Options());
        if (cookie is null || stateParameter is null || Read(cookie) is not { } state || state.ProviderId != providerId || state.Until < time.GetUtcNow())
            return null;
        var isIts = CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(state.State), System.Text.Encoding.UTF8.GetBytes(stateParameter));
        return isIts && used.TryTake(state.State, state.Until) ? state : null;
    }

    private SignInState? Read(string cookie)
    {
        try
        {
            return JsonSerializer.Deserialize<SignInState>(_protector.Unprotect(Base64UrlEncoder.DecodeBytes(cookie)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Lax: the way back from the provider is a navigation that begins elsewhere.</summary>
    private CookieOptions Options() => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = !control.IsPlainLoopback,
        Path = "/",
        MaxAge = Lifetime,
        IsEssential = true,
    };

    private static string Random() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
}
