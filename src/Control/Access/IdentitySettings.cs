using System.ComponentModel.DataAnnotations;

namespace Platform.Control.Access;

/// <summary>Section <c>Identity</c>: whose tokens the API takes, and how often people may try to sign in.</summary>
internal sealed class IdentitySettings
{
    /// <summary>An OpenID Connect issuer with a discovery document; Control itself when left out.</summary>
    public Uri? Authority { get; set; }

    /// <summary>What a token's <c>aud</c> must hold.</summary>
    [Required]
    public string Audience { get; set; } = "platform.api";

    /// <summary>
    /// Values of a token's <c>typ</c> that are taken. RFC 9068 says <c>at+jwt</c>; an authority that writes
    /// <c>JWT</c> needs it here. Empty for the RFC's.
    /// </summary>
    public string[] TokenTypes { get; set; } = [];

    /// <summary>Sign-in attempts for each address and minute; more answer 429.</summary>
    [Range(1, 100_000)]
    public int SignInsPerMinute { get; set; } = 30;

    /// <summary>
    /// Lets tenants' identity providers be at plain loopback addresses. For a machine of one's own: it counts only where
    /// Control itself is at one.
    /// </summary>
    public bool AllowLoopbackProviders { get; set; }

    public string[] AcceptedTypes => TokenTypes is [] ? ["at+jwt"] : TokenTypes;
}
