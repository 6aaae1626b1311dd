using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Platform.Contracts.Api;

namespace Platform.Control.Tests.Certificates;

/// <summary>Certificates made anew for a test, in PEM.</summary>
internal static class Pems
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddDays(-10);

    public static X509Certificate2 Authority(string name = "Test Root", X509KeyUsageFlags usage = X509KeyUsageFlags.KeyCertSign)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        return request.CreateSelfSigned(Start, Start.AddDays(300));
    }

    /// <summary>An authority that another one issued.</summary>
    public static X509Certificate2 Intermediate(X509Certificate2 issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Between", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = issuer.GetECDsaPrivateKey()!;
        return request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(authority), Start, Start.AddDays(100), RandomNumberGenerator.GetBytes(8));
    }

    /// <summary>With its private key; for 127.0.0.1.</summary>
    public static X509Certificate2 Leaf(X509Certificate2 issuer, string subject = "CN=gateway.example.com", int days = 100)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var authority = issuer.GetECDsaPrivateKey()!;
        using var bare = request.Create(
            issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(authority), Start, Start.AddDays(days), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }

    public static string KeyOf(X509Certificate2 leaf)
    {
        using var key = leaf.GetRSAPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    public static ClientCertificateRequest Request(X509Certificate2 leaf, params X509Certificate2[] chain) => new()
    {
        Certificate = string.Join('\n', chain.Prepend(leaf).Select(c => c.ExportCertificatePem())),
        PrivateKey = KeyOf(leaf),
    };
}
