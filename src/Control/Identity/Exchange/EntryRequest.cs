using System.Diagnostics.CodeAnalysis;
using OpenIddict.Abstractions;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Control.Identity.Exchange;

/// <summary>Which tenant is to be entered, how, and why: the parameters of a token exchange (RFC 8693, section 2.1).</summary>
/// <param name="IsRaised">The token may write.</param>
/// <param name="Reason">For the trail.</param>
internal sealed record EntryRequest(TenantId Tenant, bool IsRaised, string Reason)
{
    /// <summary>A tenant as the exchange's <c>resource</c>: <c>urn:platform:tenant:{id}</c>.</summary>
    public const string ResourcePrefix = "urn:platform:tenant:";

    public const string ReasonParameter = "reason";

    private const int MaxReason = 200;

    public static bool TryRead(OpenIddictRequest request, [NotNullWhen(true)] out EntryRequest? entry, [NotNullWhen(false)] out EntryRefusal? refusal)
    {
        (entry, refusal) = (null, null);
        var scopes = request.GetScopes();
        var reason = ((string?)request.GetParameter(ReasonParameter))?.Trim();
        var tenant = request.GetResources() is [var one] && one.StartsWith(ResourcePrefix, StringComparison.Ordinal)
            && TenantId.TryParse(one[ResourcePrefix.Length..], null, out var id) ? id : (TenantId?)null;
        if (request.SubjectTokenType != TokenTypeIdentifiers.AccessToken || request.ActorToken is not null)
            refusal = new(Errors.InvalidRequest, "The exchange takes an access token as its subject_token, and no actor_token.", tenant);
        else if (request.RequestedTokenType is not (null or "" or TokenTypeIdentifiers.AccessToken))
            refusal = new(Errors.InvalidRequest, "The exchange gives access tokens only.", tenant);
        else if (tenant is null)
            refusal = new(Errors.InvalidTarget, $"The resource must be one {ResourcePrefix}{{tenant id}}.", null);
        else if (reason is not { Length: > 0 and <= MaxReason } || reason.Any(char.IsControl))
            refusal = new(Errors.InvalidRequest, $"The parameter '{ReasonParameter}' must say in 1 to {MaxReason} characters why.", tenant);
        else if (scopes.Any(s => s is not (ApiScopes.All or Acting.RaisedScope)))
            refusal = new(Errors.InvalidScope, $"The exchange gives {ApiScopes.All} and {Acting.RaisedScope} only.", tenant);
        else
            entry = new(tenant.Value, scopes.Contains(Acting.RaisedScope), reason);
        return entry is not null;
    }
}

/// <param name="Error">RFC 6749, section 5.2, or RFC 8693, section 2.2.2.</param>
/// <param name="Tenant">Null where the request named none.</param>
internal sealed record EntryRefusal(string Error, string Description, TenantId? Tenant);
