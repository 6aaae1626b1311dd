using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Platform.Gateway.Configuration;
using Platform.Gateway.Errors;

namespace Platform.Gateway.ClientCertificates;

/// <summary>
/// Whether a caller's certificate was issued, over any number of others, by one of the authorities that its tenant names.
/// Nothing is fetched: neither missing issuers, which callers must send, nor revocations; a tenant revokes by its keys, or
/// by the authority. Results are kept, good ones no longer than the certificates hold.
/// </summary>
/// <param name="maxResults">Results kept; when there are more, all are forgotten.</param>
internal sealed class CallerCertificates(TimeProvider time, int maxResults = 10_000)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly TimeSpan LongestGood = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestBad = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Certificate, string Authorities), Result> _results = new();

    /// <summary>Chains that were built.</summary>
    public int Verifications => Volatile.Read(ref _verifications);

    private int _verifications;

    /// <summary>Null where the caller may come in.</summary>
    public ApiError? Refusal(HttpContext context, CertificateAuthorities authorities)
    {
        if (context.Features.Get<PresentedCertificate>() is not { } certificate)
            return ApiErrors.ClientCertificateRequired;
        return IsIssuedBy(certificate, authorities) ? null : ApiErrors.ClientCertificateRejected;
    }

    public bool IsIssuedBy(PresentedCertificate certificate, CertificateAuthorities authorities)
    {
        var (key, now) = ((certificate.Fingerprint, authorities.Id), time.GetUtcNow());
        if (_results.TryGetValue(key, out var known) && now < known.Until)
            return known.IsGood;
        var result = Verify(certificate, authorities, now);
        if (_results.Count >= maxResults)
            _results.Clear();
        _results[key] = result;
        return result.IsGood;
    }

    private Result Verify(PresentedCertificate presented, CertificateAuthorities authorities, DateTimeOffset now)
    {
        Interlocked.Increment(ref _verifications);
        var loaded = new List<X509Certificate2>();
        try
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities.Certificates);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.ApplicationPolicy.Add(new(ClientAuthentication));
            chain.ChainPolicy.VerificationTime = now.LocalDateTime;
            foreach (var issuer in presented.Issuers)
                chain.ChainPolicy.ExtraStore.Add(Load(issuer, loaded));
            var isGood = chain.Build(Load(presented.Leaf, loaded));
            var until = chain.ChainElements.Select(e => e.Certificate.NotAfter.ToUniversalTime()).Append((now + LongestGood).UtcDateTime).Min();
            foreach (var element in chain.ChainElements)
                loaded.Add(element.Certificate);
            return isGood ? new(true, until) : new(false, now + LongestBad);
        }
        catch (CryptographicException)
        {
            return new(false, now + LongestBad);
        }
        finally
        {
            foreach (var certificate in loaded)
                certificate.Dispose();
        }
    }

    private static X509Certificate2 Load(byte[] der, List<X509Certificate2> loaded)
    {
        var certificate = X509CertificateLoader.LoadCertificate(der);
        loaded.Add(certificate);
        return certificate;
    }

    private readonly record struct Result(bool IsGood, DateTimeOffset Until);
}
