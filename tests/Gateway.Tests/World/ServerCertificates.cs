using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Platform.Gateway.Tests.World;

/// <summary>A folder with a certificate and its key for <c>localhost</c>, which may be replaced.</summary>
internal sealed class ServerCertificates : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gateway-tests-").FullName;

    public string CertificateFile => Path.Combine(_directory, "tls.crt");

    public string KeyFile => Path.Combine(_directory, "tls.key");

    public IReadOnlyList<string> Settings => [$"Listen:CertificateFile={CertificateFile}", $"Listen:KeyFile={KeyFile}"];

    /// <summary>They are signed by nobody.</summary>
    public static bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate?.Subject == "CN=localhost";

    /// <summary>Puts a new pair in the place of the one before, one file after the other.</summary>
    /// <returns>Its thumbprint.</returns>
    public string Replace()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Replace(CertificateFile, certificate.ExportCertificatePem());
        Replace(KeyFile, key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    public static void Replace(string file, string content)
    {
        File.WriteAllText(file + ".new", content);
        File.Move(file + ".new", file, overwrite: true);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
