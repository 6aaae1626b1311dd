using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Platform.Contracts.Configuration;

namespace Platform.Gateway.Configuration;

/// <summary>
/// What a pool's endpoints must show in the TLS handshake, and what is shown to them. The same object while a pool's
/// documents say the same, so that connections are kept.
/// </summary>
internal sealed class UpstreamIdentity
{
    private readonly byte[] _digest;
    private readonly SslStreamCertificateContext? _certificate;
    private readonly CertificateAuthorities? _authorities;

    private UpstreamIdentity(byte[] digest, SslStreamCertificateContext? certificate, CertificateAuthorities? authorities) =>
        (_digest, _certificate, _authorities) = (digest, certificate, authorities);

    /// <summary>Null where the pool says nothing, or with a fault.</summary>
    public static UpstreamIdentity? Read(
        PoolDocument document, UpstreamIdentity? lastGood, GroupSecrets secrets, List<string> faults, ref bool unknownKey)
    {
        if (document.TrustedAuthorities is null && document.ClientCertificate is null)
            return null;
        if (document.Endpoints?.FirstOrDefault(e => e?.Url is { IsAbsoluteUri: true } url && url.Scheme == Uri.UriSchemeHttp) is { } clear)
            faults.Add($"Endpoint '{clear.Id}' is asked in clear, although the pool has certificates.");
        var authorities = CertificateAuthorities.Read(document.TrustedAuthorities, "trusted authority", faults);
        var pem = document.ClientCertificate is { } secret
            ? secrets.Open(secret, document.TenantId, SealedSecret.ClientCertificateKind, document.Id.ToString(), faults, ref unknownKey)
            : null;
        var digest = SHA256.HashData([.. SHA256.HashData(pem ?? []), .. Encoding.ASCII.GetBytes(authorities?.Id ?? "")]);
        if (lastGood is not null && lastGood._digest.AsSpan().SequenceEqual(digest))
            return lastGood;
        return new(digest, pem is null ? null : ReadCertificate(pem, faults), authorities);
    }

    /// <summary>No server is asked for revocations or issuers: a handshake waits for nobody else. Where authorities are said, no others are believed.</summary>
    public SslClientAuthenticationOptions NewOptions() => new()
    {
        ClientCertificateContext = _certificate,
        CertificateChainPolicy = _authorities is null ? null : NewPolicy(_authorities),
    };

    private static X509ChainPolicy NewPolicy(CertificateAuthorities authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities.Certificates);
        return policy;
    }

    private static SslStreamCertificateContext? ReadCertificate(byte[] pem, List<string> faults)
    {
        try
        {
            var text = Encoding.UTF8.GetString(pem);
            var certificate = X509Certificate2.CreateFromPem(text, text);
            var issuers = new X509Certificate2Collection();
            issuers.ImportFromPem(text);
            issuers.RemoveAt(0);
            return SslStreamCertificateContext.Create(certificate, issuers, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            faults.Add("The client certificate is not a certificate in PEM with its private key in clear.");
            return null;
        }
    }
}
