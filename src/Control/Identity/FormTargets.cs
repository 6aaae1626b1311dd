using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;

namespace Platform.Control.Identity;

/// <summary>
/// Where the sign-in form may lead. A browser holds a form's redirects to <c>form-action</c> too, so the client that
/// the sign-in is for has to be in it; only an address registered for that client is.
/// </summary>
internal sealed class FormTargets(IOpenIddictApplicationManager clients)
{
    /// <summary>The origin of the request's registered redirect address, or null.</summary>
    public async Task<string?> OriginOfAsync(string? returnUrl, CancellationToken ct)
    {
        if (returnUrl?.IndexOf('?', StringComparison.Ordinal) is not (>= 0 and var at))
            return null;
        var query = QueryHelpers.ParseQuery(returnUrl[at..]);
        if (!query.TryGetValue("client_id", out var clientId) || !query.TryGetValue("redirect_uri", out var redirect))
            return null;
        return await clients.FindByClientIdAsync(clientId.ToString(), ct) is { } client
            && await clients.ValidateRedirectUriAsync(client, redirect.ToString(), ct)
            && Uri.TryCreate(redirect, UriKind.Absolute, out var uri)
                ? uri.GetLeftPart(UriPartial.Authority)
                : null;
    }
}
