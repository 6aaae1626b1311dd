using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>What agents show to a pool's endpoints by TLS; in a table of its own, as <see cref="ProviderKeyRow"/> is.</summary>
internal sealed class ClientCertificateRow
{
    public TenantId TenantId { get; init; }

    public PoolId PoolId { get; init; }

    /// <summary>The chain and the private key in PEM, sealed with the master key; context: <see cref="ContextOf"/>.</summary>
    public required byte[] Sealed { get; set; }

    public required string Subject { get; set; }

    /// <summary>SHA-256 of the certificate, in lower-case hex.</summary>
    public required string Thumbprint { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RotatedAt { get; set; }

    public static string ContextOf(TenantId tenant, PoolId pool) => $"client-certificate\n{tenant}\n{pool}";
}
