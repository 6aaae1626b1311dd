using Platform.Contracts.Ids;

namespace Platform.Contracts.Configuration;

public sealed record PoolDocument : WireDocument
{
    public required PoolId Id { get; init; }

    /// <summary><see cref="TenantId.Platform"/> for a shared pool; else the pool serves this tenant only.</summary>
    public required TenantId TenantId { get; init; }

    public required string Name { get; init; }

    /// <summary>One of <see cref="Engines"/>.</summary>
    public required string Engine { get; init; }

    /// <summary>
    /// True for pools that an operator made: their endpoints may be in private networks. A tenant's own pool may not
    /// reach private, loopback or link-local addresses, whatever its names resolve to.
    /// </summary>
    public bool AllowPrivateNetworks { get; init; }

    public IReadOnlyList<EndpointEntry> Endpoints { get; init; } = [];

    /// <summary>
    /// The upstream's credential, sent as a bearer token; sealed with kind
    /// <see cref="SealedSecret.ProviderKeyKind"/>, the pool's tenant and the pool's id.
    /// </summary>
    public SealedSecret? ProviderKey { get; init; }

    /// <summary>
    /// The only operations (<see cref="Usage.Operations"/>) that the pool serves, of those that its engine's kind can;
    /// null for all of them.
    /// </summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>
    /// Certificates (PEM, one each) of the only authorities that may have issued the endpoints' certificates; null for
    /// those that the agent's machine trusts.
    /// </summary>
    public IReadOnlyList<string>? TrustedAuthorities { get; init; }

    /// <summary>
    /// The certificate that agents show to the endpoints, with its chain and its private key (PEM); sealed with kind
    /// <see cref="SealedSecret.ClientCertificateKind"/>, the pool's tenant and the pool's id.
    /// </summary>
    public SealedSecret? ClientCertificate { get; init; }
}

/// <param name="Url">Absolute http or https base address; <c>/v1/...</c> is appended to its path.</param>
/// <param name="Draining">It takes no new requests and finishes those that it has.</param>
/// <param name="Capacity">Requests that it serves at once; null to learn it.</param>
public sealed record EndpointEntry(EndpointId Id, Uri Url, bool Draining = false, int? Capacity = null);

/// <summary>Engines by their own names.</summary>
public static class Engines
{
    public const string Vllm = "vllm";

    public static readonly IReadOnlyList<string> All =
        [Vllm, "sglang", "trtllm", "triton", "tgi", "llamacpp", "ollama", "nim", "openai", "anthropic"];
}
