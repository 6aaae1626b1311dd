using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Platform.Gateway.Life;

namespace Platform.Gateway.Listening;

/// <summary>
/// What the agent shows in TLS handshakes. Connections keep the certificate they began with. A certificate and a key that do
/// not fit each other, as between the replacing of the one and of the other, change nothing.
/// </summary>
internal sealed class ServerCertificate(ListenSettings settings, ILogger<ServerCertificate> logger)
    : ReloadedFiles(logger, settings.CertificateFile!, settings.KeyFile!)
{
    private volatile SslServerAuthenticationOptions? _current;

    public SslServerAuthenticationOptions Current => _current ?? throw new InvalidOperationException("The certificate is not loaded yet.");

    /// <inheritdoc/>
    protected override void Apply(IReadOnlyList<byte[]?> content)
    {
        var certificates = Encoding.UTF8.GetString(content[0] ?? throw new FileNotFoundException("There is no certificate file."));
        var key = Encoding.UTF8.GetString(content[1] ?? throw new FileNotFoundException("There is no key file."));
        var certificate = X509Certificate2.CreateFromPem(certificates, key);
        var issuers = new X509Certificate2Collection();
        issuers.ImportFromPem(certificates);
        issuers.RemoveAt(0);
        _current = new()
        {
            // Offline: a handshake waits for nobody's server.
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, issuers, offline: true),
            EnabledSslProtocols = settings.AllowTls12 ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
        };
        Log.Certificate(logger, certificate.Subject, certificate.Thumbprint, certificate.NotAfter);
    }
}
