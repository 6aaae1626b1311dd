using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Platform.Contracts.Api;
using Platform.Control.Api;

namespace Platform.Control.Certificates;

/// <summary>Lists of certificate authorities, each in PEM.</summary>
internal static class Authorities
{
    private const string Label = "CERTIFICATE";

    /// <summary>Adds a fault for each text that is no certificate of an authority.</summary>
    /// <param name="path">The list's member: <c>clientAuthorities</c>.</param>
    public static void Check(IReadOnlyList<string>? texts, string path, Faults faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, text) in (texts ?? []).Index())
        {
            if (FaultOf(text, seen) is { } fault)
                faults.Add($"{path}[{index}]", fault);
        }
    }

    /// <summary>As the texts were checked, in one form: the same certificate is the same text.</summary>
    public static string[]? Canonical(IReadOnlyList<string>? texts) =>
        texts is null ? null : [.. texts.Select(Canonical).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static string? Canonical(string? text) => Read(text) is { } bytes ? PemEncoding.WriteString(Label, bytes) : null;

    private static string? FaultOf(string? text, HashSet<string> seen)
    {
        if (text is { Length: > CertificateLimits.MaxLength })
            return $"must be at most {CertificateLimits.MaxLength} characters.";
        if (Read(text) is not { } bytes)
            return "must be one certificate in PEM, and nothing else.";
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(bytes);
            if (!IsAuthority(certificate))
                return "must be the certificate of an authority (RFC 5280, basicConstraints and keyUsage).";
            if (!certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
                return "must be a root, issued by itself: chains end at roots, and bring what is between them along.";
        }
        catch (CryptographicException)
        {
            return "must be one certificate in PEM, and nothing else.";
        }
        return seen.Add(Convert.ToBase64String(bytes)) ? null : "It stands twice.";
    }

    private static byte[]? Read(string? text) =>
        text is not null && PemBlocks.Read(text, 1) is [{ Label: Label, Bytes: var bytes }] ? bytes : null;

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(b => b.CertificateAuthority)
        && certificate.Extensions.OfType<X509KeyUsageExtension>().All(u => u.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign));
}
