using System.Net;
using Platform.Control.Access;
using Platform.Hosting.Outbound;

namespace Platform.Control.Identity.External;

/// <summary>
/// Which addresses a tenant's identity provider may have. A name may resolve to anything, so the connection is checked
/// again (<see cref="ProviderHttp"/>).
/// </summary>
internal sealed class ProviderAddresses(IdentitySettings identity, ControlSettings control)
{
    public const string Rule = "must be an absolute https address of the public internet, without credentials, query or fragment.";

    private readonly bool _allowsLoopback = identity.AllowLoopbackProviders && control.IsPlainLoopback;

    /// <summary>A plain address of this machine, where the settings let it be one.</summary>
    public bool IsAllowedLoopback(Uri address) => _allowsLoopback && address is { IsLoopback: true } && address.Scheme == Uri.UriSchemeHttp;

    /// <summary>An issuer (OpenID Connect Discovery 1.0, section 3): no query, no fragment.</summary>
    public bool IsIssuer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Query: "", Fragment: "" } && !text.AsSpan().ContainsAny('?', '#') && IsAllowed(address);

    /// <summary>An endpoint that a discovery document names.</summary>
    public bool IsAllowed(Uri address)
    {
        if (address is not { IsAbsoluteUri: true, UserInfo: "" } || IsAllowedLoopback(address))
            return address is { IsAbsoluteUri: true, UserInfo: "" };
        var host = address.IdnHost.TrimEnd('.');
        return address.Scheme == Uri.UriSchemeHttps
            && !address.IsLoopback
            && !host.EndsWith("localhost", StringComparison.OrdinalIgnoreCase)
            && (!IPAddress.TryParse(host.Trim('[', ']'), out var ip) || PublicAddress.IsPublic(ip));
    }
}
