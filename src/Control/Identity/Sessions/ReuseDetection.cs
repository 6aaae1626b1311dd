using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Control.Identity.Sessions;

/// <summary>
/// A refresh token that was redeemed before ends its whole chain. OpenIddict would refuse it and revoke the tokens, but
/// neither the authorization, nor would anybody hear of it.
/// </summary>
internal sealed class ReuseDetection(RefreshTokenChain chain) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ValidateTokenContext>()
        .UseScopedHandler<ReuseDetection>()
        .SetOrder(OpenIddictServerHandlers.Protection.ValidateTokenEntry.Descriptor.Order - 1)
        .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal is not { } principal || !principal.HasTokenType(TokenTypeIdentifiers.RefreshToken)
            || !Guid.TryParse(principal.GetTokenId(), out var token)
            || !await chain.IsRedeemedAsync(token, context.CancellationToken))
        {
            return;
        }
        await chain.RevokeAsync(token, principal.GetClaim(Claims.Subject), SessionClaim.Of(principal), CancellationToken.None);
        context.Reject(Errors.InvalidGrant, "The refresh token was used already.");
    }
}
