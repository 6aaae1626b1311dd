using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Platform.Gateway.Configuration;

/// <summary>The only roots that are believed, where somebody said which; of an empty list nothing is.</summary>
/// <param name="Id">The same for the same certificates in the same order.</param>
internal sealed record CertificateAuthorities(X509Certificate2Collection Certificates, string Id)
{
    /// <summary>Null of null. Texts that are no root are left out, and are faults.</summary>
    /// <param name="faults">Where nobody wants to know, null.</param>
    public static CertificateAuthorities? Read(IReadOnlyList<string>? texts, string what, List<string>? faults)
    {
        if (texts is null)
            return null;
        var certificates = new X509Certificate2Collection();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (index, text) in texts.Index())
        {
            if (ReadRoot(text) is not { } root)
            {
                faults?.Add($"The {what} at {index} is not one certificate in PEM that is its own issuer.");
                continue;
            }
            certificates.Add(root);
            hash.AppendData(root.GetCertHash(HashAlgorithmName.SHA256));
        }
        return new(certificates, Convert.ToHexString(hash.GetHashAndReset()));
    }

    /// <summary>The texts of certificates that both lists have; null is every authority.</summary>
    public static IReadOnlyList<string>? Both(IReadOnlyList<string>? a, IReadOnlyList<string>? b)
    {
        if (Read(b, "", null) is not { } theirs)
            return a;
        if (a is not null)
            return [.. a.Where(text => ReadRoot(text) is { } root && theirs.Certificates.Contains(root))];
        return [.. theirs.Certificates.Select(c => c.ExportCertificatePem())];
    }

    /// <summary>Null where it is none. Chains must end at it, and only a root can be their end.</summary>
    private static X509Certificate2? ReadRoot(string? text)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(text);
            return certificates is [var only] && only.SubjectName.RawData.AsSpan().SequenceEqual(only.IssuerName.RawData) ? only : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
