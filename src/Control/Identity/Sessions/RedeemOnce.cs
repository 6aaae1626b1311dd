using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Control.Identity.Sessions;

/// <summary>
/// In place of OpenIddict's own handler, which ignores that a refresh token was redeemed by another request at the same
/// time: exactly one request gets tokens for it.
/// </summary>
internal sealed class RedeemOnce(RefreshTokenChain chain) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ProcessSignInContext>()
        .UseScopedHandler<RedeemOnce>()
        .SetOrder(OpenIddictServerHandlers.RedeemTokenEntry.Descriptor.Order)
        .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        var refreshes = context.Request.IsRefreshTokenGrantType();
        if (context.EndpointType is not OpenIddictServerEndpointType.Token || (!refreshes && !context.Request.IsAuthorizationCodeGrantType()))
            return;
        var authentication = context.Transaction.GetProperty<ProcessAuthenticationContext>(typeof(ProcessAuthenticationContext).FullName!);
        var grant = refreshes ? authentication?.RefreshTokenPrincipal : authentication?.AuthorizationCodePrincipal;
        if (!Guid.TryParse(grant?.GetTokenId(), out var token))
        {
            context.Reject(Errors.InvalidGrant, "The grant has no entry.");
            return;
        }
        if (await chain.TryRedeemAsync(token, context.CancellationToken))
            return;
        await chain.RevokeAsync(token, grant.GetClaim(Claims.Subject), SessionClaim.Of(grant), CancellationToken.None);
        context.Reject(Errors.InvalidGrant, "The grant was used already.");
    }
}
