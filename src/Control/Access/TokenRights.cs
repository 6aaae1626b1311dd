using System.Security.Claims;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Access;

/// <summary>What a token narrows: it never gives a right that the database does not.</summary>
internal sealed record TokenRights(bool ReadOnly, bool UsageOnly)
{
    public static readonly TokenRights Everything = new(false, false);

    /// <summary>A token without any of our scopes is another authority's, which spoke by its audience alone.</summary>
    public static TokenRights Of(ClaimsPrincipal user)
    {
        var scopes = user.FindAll("scope").SelectMany(c => c.Value.Split(' ')).ToHashSet(StringComparer.Ordinal);
        if (scopes.Contains(ApiScopes.All) || !(scopes.Contains(ApiScopes.Read) || scopes.Contains(ApiScopes.Usage)))
            return Everything;
        return new(ReadOnly: scopes.Contains(ApiScopes.Read), UsageOnly: !scopes.Contains(ApiScopes.Read));
    }

    public bool Covers(Right right) =>
        (!ReadOnly && !UsageOnly) || (right.IsRead && (ReadOnly || right == Rights.UsageRead || right.Scope == RightScope.Caller));
}

/// <summary>An operator inside a tenant, by token exchange (RFC 8693): the token's <c>act</c> says who.</summary>
/// <param name="IsRaised">It may write.</param>
internal sealed record Acting(string Operator, TenantId Tenant, bool IsRaised)
{
    public const string ActorClaim = "act";
    public const string TenantClaim = "platform_tenant";

    /// <summary>The scope of a raised token.</summary>
    public const string RaisedScope = "platform.tenant.write";

    /// <summary>Null where the token is nobody's but its subject's; a claim that cannot be read gives a tenant that there is not.</summary>
    public static Acting? Of(ClaimsPrincipal user)
    {
        if (user.FindFirstValue(ActorClaim) is not { } act)
            return null;
        var tenant = TenantId.TryParse(user.FindFirstValue(TenantClaim), null, out var id) ? id : default;
        var raised = user.FindAll("scope").Any(c => c.Value.Split(' ').Contains(RaisedScope));
        return new(OperatorIn(act), tenant, raised);
    }

    private static string OperatorIn(string act)
    {
        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(act);
            return json.RootElement.TryGetProperty("sub", out var sub) ? sub.GetString() ?? "" : "";
        }
        catch (System.Text.Json.JsonException)
        {
            return "";
        }
    }
}
