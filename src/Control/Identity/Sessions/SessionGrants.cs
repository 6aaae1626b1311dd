using System.Security.Claims;
using OpenIddict.Abstractions;
using Platform.Control.Data;

namespace Platform.Control.Identity.Sessions;

/// <summary>What clients get in a session, so that it ends with it.</summary>
internal sealed class SessionGrants(IdentityDb db, IOpenIddictApplicationManager clients, IOpenIddictAuthorizationManager authorizations)
{
    /// <summary>Makes an authorization of the session for what is about to be issued.</summary>
    public async Task<ClaimsPrincipal> GrantAsync(ClaimsPrincipal principal, Guid session, string clientId, CancellationToken ct)
    {
        var client = await clients.FindByClientIdAsync(clientId, ct) ?? throw new InvalidOperationException("The client is gone.");
        var authorization = await authorizations.CreateAsync(
            principal,
            principal.GetClaim(OpenIddictConstants.Claims.Subject)!,
            (await clients.GetIdAsync(client, ct))!,
            OpenIddictConstants.AuthorizationTypes.AdHoc,
            principal.GetScopes(),
            ct);
        var id = (await authorizations.GetIdAsync(authorization, ct))!;
        db.SessionGrants.Add(new() { AuthorizationId = Guid.Parse(id), SessionId = session, ClientId = clientId });
        await db.SaveChangesAsync(ct);
        return principal.SetAuthorizationId(id);
    }
}
