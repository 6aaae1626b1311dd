namespace Platform.Contracts.Api;

/// <summary>How many certificates a request may bring, and how long each may be.</summary>
public static class CertificateLimits
{
    public const int MaxAuthorities = 20;

    /// <summary>Characters of one certificate in PEM.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>Certificates of a chain, the first one included.</summary>
    public const int MaxChain = 10;

    /// <summary>Characters of a chain in PEM.</summary>
    public const int MaxChainLength = 64 * 1024;
}
