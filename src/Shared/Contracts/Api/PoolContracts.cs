using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>POST /api/v1/tenants/{tenantId}/pools.</summary>
public sealed record CreatePoolRequest
{
    /// <summary>Endpoints that a pool can have.</summary>
    public const int MaxEndpoints = 1000;

    /// <summary>Unique among the tenant's pools.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    [Required, AllowedValues("vllm", "sglang", "trtllm", "triton", "tgi", "llamacpp", "ollama", "nim", "openai", "anthropic")]
    public string Engine { get; init; } = Engines.Vllm;

    /// <summary>The agent group that the pool is for. Only for the platform's pools; <c>default</c> when left out.</summary>
    [StringLength(100, MinimumLength = 1)]
    public string? Group { get; init; }

    [Required, MinLength(1), MaxLength(MaxEndpoints), NoNulls]
    public IReadOnlyList<CreateEndpointRequest> Endpoints { get; init; } = [];

    /// <inheritdoc cref="ProviderKeyRequest.Key"/>
    [StringLength(ProviderKeyRequest.MaxLength, MinimumLength = 1), RegularExpression(ProviderKeyRequest.Pattern, ErrorMessage = ProviderKeyRequest.Fault)]
    public string? ProviderKey { get; init; }

    /// <summary>The only operations that the pool serves, of those that its engine can; null for all of them.</summary>
    [Length(1, 30)]
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>
    /// Certificates (PEM, one each) of the only authorities that may have issued the endpoints' certificates; null for
    /// those that the agent's machine trusts.
    /// </summary>
    [Length(1, CertificateLimits.MaxAuthorities)]
    public IReadOnlyList<string>? TrustedAuthorities { get; init; }
}

/// <summary>PUT /api/v1/tenants/{tenantId}/pools/{poolId}: what a pool is called and speaks; its endpoints, key and certificate have paths of their own.</summary>
public sealed record UpdatePoolRequest
{
    /// <inheritdoc cref="CreatePoolRequest.Name"/>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    [Required, AllowedValues("vllm", "sglang", "trtllm", "triton", "tgi", "llamacpp", "ollama", "nim", "openai", "anthropic")]
    public string Engine { get; init; } = Engines.Vllm;

    /// <inheritdoc cref="CreatePoolRequest.Operations"/>
    [Length(1, 30)]
    public IReadOnlyList<string>? Operations { get; init; }

    /// <inheritdoc cref="CreatePoolRequest.TrustedAuthorities"/>
    [Length(1, CertificateLimits.MaxAuthorities)]
    public IReadOnlyList<string>? TrustedAuthorities { get; init; }
}

/// <param name="Engine">One of <see cref="Engines"/>.</param>
/// <param name="Group">The agents that reach it.</param>
/// <param name="Version">Grows with each change of the pool, its endpoints, its provider key or its client certificate.</param>
public sealed record PoolAnswer(
    PoolId Id,
    string Name,
    string Engine,
    AgentGroupName Group,
    IReadOnlyList<EndpointAnswer> Endpoints,
    bool HasProviderKey,
    bool HasClientCertificate,
    IReadOnlyList<string>? Operations,
    IReadOnlyList<string>? TrustedAuthorities,
    DateTimeOffset CreatedAt,
    long Version) : IVersioned;

/// <summary>A pool of the platform that the tenant's models may target.</summary>
/// <param name="Engine">One of <see cref="Engines"/>.</param>
public sealed record SharedPoolAnswer(PoolId Id, string Name, string Engine);
