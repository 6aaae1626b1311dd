using System.Security.Claims;

namespace Platform.Control.Identity.Sessions;

/// <summary>
/// The claim that names the session, in the cookie, in codes, refresh tokens and access tokens. The name is ours: another
/// authority's <c>sid</c> says nothing here.
/// </summary>
internal static class SessionClaim
{
    public const string Type = "platform_session";

    /// <summary>When the user last proved who they are, in seconds; the cookie itself is renewed with use.</summary>
    public const string Time = "auth_time";

    /// <summary>The tenant's identity provider that the user signed in by, in the cookie only.</summary>
    public const string Provider = "platform_provider";

    public static bool IsByProvider(ClaimsPrincipal? principal) => principal?.HasClaim(c => c.Type == Provider) is true;

    public static DateTimeOffset TimeOf(ClaimsPrincipal? principal) =>
        long.TryParse(principal?.FindFirstValue(Time), out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.MinValue;

    public static Guid? Of(ClaimsPrincipal? principal) => Guid.TryParse(principal?.FindFirstValue(Type), out var id) ? id : null;
}
