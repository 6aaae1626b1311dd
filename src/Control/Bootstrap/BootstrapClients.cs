using OpenIddict.Abstractions;
using Platform.Control.Access;
using Platform.Control.Identity;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Control.Bootstrap;

/// <summary>OAuth clients that bootstrap names; made or brought up to date, secret included.</summary>
internal sealed class BootstrapClients(IOpenIddictApplicationManager clients)
{
    /// <summary>A web application with a secret, code with PKCE, and no consent page: it is the platform's own.</summary>
    public Task EnsurePortalAsync(PortalClient portal, CancellationToken ct)
    {
        if (portal.BaseUrl is not { IsAbsoluteUri: true } url || (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback))
            throw new BootstrapException("portal.baseUrl must be an absolute https address; http is for localhost only.");
        return EnsureAsync(
            new()
            {
                ClientId = portal.ClientId,
                ClientSecret = portal.ClientSecret,
                ClientType = ClientTypes.Confidential,
                ConsentType = ConsentTypes.Implicit,
                DisplayName = "Portal",
                RedirectUris = { new(url, "/signin-oidc") },
                PostLogoutRedirectUris = { new(url, "/signout-callback-oidc") },
                Permissions =
                {
                    Permissions.Endpoints.Authorization,
                    Permissions.Endpoints.Token,
                    Permissions.Endpoints.EndSession,
                    Permissions.GrantTypes.AuthorizationCode,
                    Permissions.GrantTypes.RefreshToken,
                    Permissions.GrantTypes.TokenExchange,
                    Permissions.ResponseTypes.Code,
                    Permissions.Scopes.Profile,
                    Permissions.Scopes.Email,
                    Permissions.Prefixes.Scope + PlatformScopes.Api,
                    Permissions.Prefixes.Scope + Acting.RaisedScope,
                },
                Requirements = { Requirements.Features.ProofKeyForCodeExchange },
            },
            ct);
    }

    /// <summary>A program that acts in its own name.</summary>
    public Task EnsureAutomationAsync(AutomationClient automation, CancellationToken ct) => EnsureAsync(
        new()
        {
            ClientId = automation.ClientId,
            ClientSecret = automation.ClientSecret,
            ClientType = ClientTypes.Confidential,
            DisplayName = "Automation",
            Permissions =
            {
                Permissions.Endpoints.Token,
                Permissions.GrantTypes.ClientCredentials,
                Permissions.GrantTypes.TokenExchange,
                Permissions.Prefixes.Scope + PlatformScopes.Api,
                Permissions.Prefixes.Scope + Acting.RaisedScope,
            },
        },
        ct);

    private async Task EnsureAsync(OpenIddictApplicationDescriptor client, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(client.ClientId) || string.IsNullOrWhiteSpace(client.ClientSecret))
            throw new BootstrapException("A client needs an id and a secret.");
        if (await clients.FindByClientIdAsync(client.ClientId, ct) is { } known)
            await clients.UpdateAsync(known, client, ct);
        else
            await clients.CreateAsync(client, ct);
    }
}
