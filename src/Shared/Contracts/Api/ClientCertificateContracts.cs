using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts.Api;

/// <summary>
/// PUT /api/v1/tenants/{tenantId}/pools/{poolId}/client-certificate: sets the certificate that agents show to the pool's
/// endpoints by TLS, or replaces the one that is there.
/// </summary>
public sealed record ClientCertificateRequest
{
    /// <summary>The certificate in PEM, and behind it those that lead from it to its authority.</summary>
    [Required, StringLength(CertificateLimits.MaxChainLength, MinimumLength = 1)]
    public string Certificate { get; init; } = "";

    /// <summary>Its private key in PEM, not encrypted; write-only, sealed before it is stored.</summary>
    [Required, StringLength(CertificateLimits.MaxLength, MinimumLength = 1)]
    public string PrivateKey { get; init; } = "";
}

/// <param name="Subject">The certificate's subject (RFC 4514).</param>
/// <param name="Thumbprint">SHA-256 of the certificate, in lower-case hex.</param>
/// <param name="ExpiresAt">From this instant on endpoints refuse it.</param>
/// <param name="RotatedAt">When it was last replaced; null where it is the first.</param>
/// <param name="Version">The pool's: a certificate changes with its pool.</param>
public sealed record ClientCertificateAnswer(
    string Subject, string Thumbprint, DateTimeOffset ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset? RotatedAt, long Version) : IVersioned;
