using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Platform.TestKit.Upstream;

/// <summary>A self-signed certificate for <c>localhost</c> and <c>127.0.0.1</c>, made anew, valid from yesterday for a month.</summary>
public static class TestCertificate
{
    public static X509Certificate2 Make(TimeProvider? clock = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], critical: false));
        var yesterday = (clock ?? TimeProvider.System).GetUtcNow().AddDays(-1);
        using var made = request.CreateSelfSigned(yesterday, yesterday.AddDays(31));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
