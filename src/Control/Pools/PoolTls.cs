using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Pools;

/// <summary>How a pool's endpoints are met by TLS: what they must show, and what is shown to them.</summary>
internal static class PoolTls
{
    public static SslClientAuthenticationOptions OptionsOf(PoolRow pool, MasterKey master)
    {
        var options = new SslClientAuthenticationOptions();
        if (pool.TrustedAuthorities is { } texts)
        {
            options.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            foreach (var text in texts)
                options.CertificateChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(text));
        }
        if (pool.ClientCertificate is { } row)
        {
            var pem = Encoding.UTF8.GetString(master.Open(row.Sealed, ClientCertificateRow.ContextOf(pool.TenantId, pool.Id)));
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(pem);
            options.ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(pem, pem), chain, offline: true);
        }
        return options;
    }
}
