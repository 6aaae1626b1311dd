using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Platform.Gateway.ClientCertificates;
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

    /// <summary>For one handshake. Where callers are asked for certificates, what they show is kept with the connection, and verified by nobody here.</summary>
    public SslServerAuthenticationOptions OptionsFor(ConnectionContext connection)
    {
        var current = _current ?? throw new InvalidOperationException("The certificate is not loaded yet.");
        if (settings.ClientCertificates == ClientCertificateMode.None)
            return current;
        var options = NewOptions(current.ServerCertificateContext!);
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = NewPolicy();
        options.AllowTlsResume = false; // a resumed session has the caller's certificate without its issuers
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) => GoesOn(connection, certificate, chain);
        return options;
    }

    /// <inheritdoc/>
    protected override void Apply(IReadOnlyList<byte[]?> content)
    {
        var certificates = Encoding.UTF8.GetString(content[0] ?? throw new FileNotFoundException("There is no certificate file."));
        var key = Encoding.UTF8.GetString(content[1] ?? throw new FileNotFoundException("There is no key file."));
        var certificate = X509Certificate2.CreateFromPem(certificates, key);
        var issuers = new X509Certificate2Collection();
        issuers.ImportFromPem(certificates);
        issuers.RemoveAt(0);
        // Offline: a handshake waits for nobody's server.
        _current = NewOptions(SslStreamCertificateContext.Create(certificate, issuers, offline: true));
        Log.Certificate(logger, certificate.Subject, certificate.Thumbprint, certificate.NotAfter);
    }

    /// <summary>Always, since whom a certificate must be from is known only with the caller's key.</summary>
    private static bool GoesOn(ConnectionContext connection, X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is not null)
            connection.Features.Set(PresentedCertificate.Of(certificate, chain?.ChainPolicy.ExtraStore));
        return true;
    }

    /// <summary>Nothing is looked for or fetched in the handshake.</summary>
    private static X509ChainPolicy NewPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    private SslServerAuthenticationOptions NewOptions(SslStreamCertificateContext certificate) => new()
    {
        ServerCertificateContext = certificate,
        EnabledSslProtocols = settings.AllowTls12 ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
    };
}
