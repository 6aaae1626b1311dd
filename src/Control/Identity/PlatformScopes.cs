using OpenIddict.Abstractions;
using Platform.Contracts.Enrolment;

namespace Platform.Control.Identity;

/// <summary>What a client may ask for, and the audience it gets by it.</summary>
internal static class PlatformScopes
{
    public const string Api = "platform.api";
    public const string Agent = AgentApi.Scope;

    public static readonly string[] All =
    [
        OpenIddictConstants.Scopes.OpenId,
        OpenIddictConstants.Scopes.Profile,
        OpenIddictConstants.Scopes.Email,
        OpenIddictConstants.Scopes.OfflineAccess,
        Api,
        Agent,
    ];

    public static IEnumerable<string> AudiencesOf(IEnumerable<string> scopes) => scopes.Where(s => s is Api or Agent);
}
