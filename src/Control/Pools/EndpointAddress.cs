using System.Net;
using System.Text.RegularExpressions;
using Platform.Hosting.Outbound;

namespace Platform.Control.Pools;

/// <summary>An endpoint's address as somebody wrote it, and what is wrong with it as far as the text says.</summary>
internal sealed partial record EndpointAddress
{
    private const string Shape = "The address must be an absolute http or https one without credentials, query or fragment.";
    private const string NotHttps = "The address must be https.";
    private const string NotAName = "The host must be a full name of the public internet.";
    private const string NotAnAddress = "The host must be an address in its usual form.";
    private const string NotPublic = "The host must be a public address, or one that the operator allows.";

    /// <summary>Names of this host and of private networks (RFC 6761, RFC 6762, and ICANN's .internal).</summary>
    private static readonly string[] PrivateNames = [".localhost", ".local", ".internal"];

    /// <summary>As it is stored; null where there is a fault.</summary>
    public string? Url { get; private init; }

    /// <summary>A sentence for the caller; null where nothing is wrong.</summary>
    public string? Fault { get; private init; }

    /// <summary>The name that must be looked up before a tenant may have the address; null where there is nothing to look up.</summary>
    public string? Name { get; private init; }

    public static EndpointAddress Refused(string fault) => new() { Fault = fault };

    /// <summary>An operator's own: it may be plain http and private.</summary>
    public static EndpointAddress OfOperator(string text) => Parse(text) is { } uri ? Clean(uri) : Refused(Shape);

    /// <summary>A tenant's: https, and a host that is public or in a network that the operator allows.</summary>
    public static EndpointAddress OfTenant(string text, IReadOnlyList<IPNetwork> allowedNetworks)
    {
        if (Parse(text) is not { } uri)
            return Refused(Shape);
        if (uri.Scheme != Uri.UriSchemeHttps)
            return Refused(NotHttps);
        var host = uri.IdnHost.ToLowerInvariant();
        if (!IPAddress.TryParse(host, out var address))
            return NameFault(host) is { } fault ? Refused(fault) : Clean(uri) with { Name = host };
        if (uri.HostNameType == UriHostNameType.Dns || !IsUsualForm(text, uri, address))
            return Refused(NotAnAddress);
        return AddressRules.IsAllowed(address, allowedNetworks) ? Clean(uri) : Refused(NotPublic);
    }

    private static EndpointAddress Clean(Uri uri) => new() { Url = uri.AbsoluteUri.TrimEnd('/') };

    /// <summary>
    /// Looked at as a text before <see cref="Uri"/> reads it, so that nothing that others read differently comes through:
    /// backslashes, percent signs and letters beyond ASCII in the host, scopes, credentials.
    /// </summary>
    private static Uri? Parse(string text) => Written().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null;

    /// <summary>IPv4 is decimal with four parts: 010.0.0.1 and 2130706433 mean one thing to some and another to others.</summary>
    private static bool IsUsualForm(string text, Uri uri, IPAddress address) =>
        uri.HostNameType == UriHostNameType.IPv6
        || text.AsSpan(uri.Scheme.Length + Uri.SchemeDelimiter.Length).StartsWith(address.ToString(), StringComparison.Ordinal);

    private static string? NameFault(string host)
    {
        var last = host[(host.LastIndexOf('.') + 1)..];
        var isNumber = last.Length > 0 && (last.All(char.IsAsciiDigit) || (last.StartsWith("0x", StringComparison.Ordinal) && last.Skip(2).All(char.IsAsciiHexDigit)));
        return isNumber ? NotAnAddress
            : last.Length == 0 || last.Length == host.Length || Array.Exists(PrivateNames, n => host.EndsWith(n, StringComparison.Ordinal)) ? NotAName
            : null;
    }

    [GeneratedRegex(@"\A[Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[!-~-[\\?#@]]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
