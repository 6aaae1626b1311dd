using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Platform.Gateway.ClientCertificates;

/// <summary>
/// What a caller showed in the TLS handshake of its connection: its certificate, whose key it has, and the issuers that it
/// sent along, of which nothing is verified.
/// </summary>
internal sealed class PresentedCertificate
{
    /// <summary>Longer chains are cut; they would not be believed.</summary>
    private const int MaxIssuers = 8;

    private PresentedCertificate(byte[] leaf, IReadOnlyList<byte[]> issuers, string fingerprint) =>
        (Leaf, Issuers, Fingerprint) = (leaf, issuers, fingerprint);

    /// <summary>DER.</summary>
    public byte[] Leaf { get; }

    public IReadOnlyList<byte[]> Issuers { get; }

    /// <summary>SHA-256 of all of it.</summary>
    public string Fingerprint { get; }

    /// <param name="sent">The others of the handshake, the certificate itself perhaps among them.</param>
    public static PresentedCertificate Of(X509Certificate certificate, X509Certificate2Collection? sent)
    {
        var leaf = certificate.GetRawCertData();
        var issuers = (sent ?? []).Select(c => c.RawData).Where(d => !d.AsSpan().SequenceEqual(leaf)).Take(MaxIssuers).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(leaf);
        foreach (var issuer in issuers)
            hash.AppendData(issuer);
        return new(leaf, issuers, Convert.ToHexString(hash.GetHashAndReset()));
    }
}
