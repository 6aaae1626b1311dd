using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Platform.Gateway.Listening;

/// <summary>Section <c>Listen</c>: addresses beside those of <c>ASPNETCORE_URLS</c>, each as <c>0.0.0.0:8443</c> or <c>[::]:8443</c>.</summary>
internal sealed class ListenSettings : IValidatableObject
{
    /// <summary>HTTP/1.1 in clear.</summary>
    public IList<string> Http { get; } = [];

    /// <summary>HTTP/2 in clear, by prior knowledge (RFC 9113, 3.3): nothing tells it from HTTP/1.1, so that it has ports of its own.</summary>
    public IList<string> H2c { get; } = [];

    /// <summary>HTTP/1.1 and HTTP/2 over TLS.</summary>
    public IList<string> Https { get; } = [];

    /// <summary>PEM: the certificate, then its issuers up to the root. Followed while the agent runs.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM: its private key, in clear.</summary>
    public string? KeyFile { get; set; }

    /// <summary>TLS 1.2 too, for callers that cannot do better.</summary>
    public bool AllowTls12 { get; set; }

    /// <summary>Over TLS. <c>Allowed</c> asks every caller for a certificate, and takes any or none: tenants decide which they want.</summary>
    public ClientCertificateMode ClientCertificates { get; set; }

    public bool HasAny => Http.Count + H2c.Count + Https.Count > 0;

    public static IPEndPoint Parse(string address) => IPEndPoint.Parse(address);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var address in Http.Concat(H2c).Concat(Https).Where(a => !IsAddress(a)))
            yield return new($"'{address}' is no address and port.");
        if (Https.Count > 0 && (CertificateFile is null || KeyFile is null))
            yield return new($"{nameof(Https)} needs {nameof(CertificateFile)} and {nameof(KeyFile)}.");
        if (Https.Count == 0 && ClientCertificates != ClientCertificateMode.None)
            yield return new($"{nameof(ClientCertificates)} needs {nameof(Https)}.");
    }

    // An address alone would be taken for port 0: any port.
    private static bool IsAddress(string text) =>
        IPEndPoint.TryParse(text, out var address) && text.EndsWith($":{address.Port}", StringComparison.Ordinal);
}

/// <summary>Whether callers are asked for certificates of their own.</summary>
internal enum ClientCertificateMode
{
    None,
    Allowed,
}
