using System.Security.Claims;

namespace Platform.Control.Identity.Sessions;

/// <summary>
/// The claim that names the session, in the cookie, in codes, refresh tokens and access tokens. The name is ours: another
/// authority's <c>sid</c> says nothing here.
/// </summary>
internal static class SessionClaim
{
    public const string Type = "platform_session";

    public static Guid? Of(ClaimsPrincipal? principal) => Guid.TryParse(principal?.FindFirstValue(Type), out var id) ? id : null;
}
