using OpenIddict.Abstractions;
using Platform.Contracts.Api;
using Platform.Contracts.Enrolment;
using Platform.Control.Access;

namespace Platform.Control.Identity;

/// <summary>What a client may ask for, and the audience it gets by it.</summary>
internal static class PlatformScopes
{
    public const string Api = ApiScopes.All;
    public const string Agent = AgentApi.Scope;

    public static readonly string[] All =
    [
        OpenIddictConstants.Scopes.OpenId,
        OpenIddictConstants.Scopes.Profile,
        OpenIddictConstants.Scopes.Email,
        OpenIddictConstants.Scopes.OfflineAccess,
        Api,
        ApiScopes.Read,
        ApiScopes.Usage,
        Acting.RaisedScope,
        Agent,
    ];

    /// <summary>Every scope of the API is of one audience: what a token narrows is read from its scopes.</summary>
    public static IEnumerable<string> AudiencesOf(IEnumerable<string> scopes) => scopes.Select(AudienceOf).OfType<string>().Distinct();

    private static string? AudienceOf(string scope) => scope switch
    {
        Api or ApiScopes.Read or ApiScopes.Usage => Api,
        Agent => Agent,
        _ => null,
    };
}
