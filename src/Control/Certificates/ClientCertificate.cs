using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Platform.Contracts.Api;
using Platform.Control.Api;

namespace Platform.Control.Certificates;

/// <summary>A certificate with its chain and its private key, as a request brought it. Faults repeat nothing of the key.</summary>
internal sealed record ClientCertificate(string Subject, string Thumbprint, DateTimeOffset ExpiresAt, byte[] Pem)
{
    private const string Label = "CERTIFICATE";

    private static readonly string[] KeyLabels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

    /// <summary>Null where anything is wrong with it, each of which is among the faults.</summary>
    /// <param name="path">Before the members' names: empty, or <c>clientCertificate.</c></param>
    public static ClientCertificate? Read(ClientCertificateRequest request, string path, DateTimeOffset now, Faults faults)
    {
        var chain = PemBlocks.Read(request.Certificate, CertificateLimits.MaxChain);
        var key = PemBlocks.Read(request.PrivateKey, 1) is [var only] && KeyLabels.Contains(only.Label) ? only : null;
        if (chain is not [_, ..] || !chain.All(IsCertificate))
            (chain, _) = (null, Fault("certificate", $"must be 1 to {CertificateLimits.MaxChain} certificates in PEM, and nothing else."));
        if (key is null)
            Fault("privateKey", "must be one private key in PEM that is not encrypted, and nothing else.");
        if (chain is null)
            return null;
        using var first = X509CertificateLoader.LoadCertificate(chain[0].Bytes);
        var end = new DateTimeOffset(first.NotAfter.ToUniversalTime());
        var expired = end <= now && Fault("certificate", "has expired.");
        if (key is null || expired)
            return null;
        if (!IsKeyOf(chain[0].Text, key.Text))
        {
            Fault("privateKey", "is not the certificate's.");
            return null;
        }
        var pem = string.Join('\n', chain.Append(key).Select(b => b.Text)) + "\n";
        return new(first.Subject, Convert.ToHexStringLower(SHA256.HashData(first.RawDataMemory.Span)), end, Encoding.UTF8.GetBytes(pem));

        bool Fault(string member, string message)
        {
            faults.Add(path + member, message);
            return true;
        }
    }

    private static bool IsCertificate(PemBlock block)
    {
        if (block.Label != Label)
            return false;
        try
        {
            X509CertificateLoader.LoadCertificate(block.Bytes).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsKeyOf(string certificate, string key)
    {
        try
        {
            X509Certificate2.CreateFromPem(certificate, key).Dispose();
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
