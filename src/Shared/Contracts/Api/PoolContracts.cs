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
}

/// <summary>PUT /api/v1/tenants/{tenantId}/pools/{poolId}: what a pool is called and speaks; its endpoints and key have paths of their own.</summary>
public sealed record UpdatePoolRequest
{
    /// <inheritdoc cref="CreatePoolRequest.Name"/>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    [Required, AllowedValues("vllm", "sglang", "trtllm", "triton", "tgi", "llamacpp", "ollama", "nim", "openai", "anthropic")]
    public string Engine { get; init; } = Engines.Vllm;
}

/// <param name="Engine">One of <see cref="Engines"/>.</param>
/// <param name="Group">The agents that reach it.</param>
/// <param name="Version">Grows with each change of the pool, its endpoints or its provider key.</param>
public sealed record PoolAnswer(
    PoolId Id,
    string Name,
    string Engine,
    AgentGroupName Group,
    IReadOnlyList<EndpointAnswer> Endpoints,
    bool HasProviderKey,
    DateTimeOffset CreatedAt,
    long Version) : IVersioned;

/// <summary>A pool of the platform that the tenant's models may target.</summary>
/// <param name="Engine">One of <see cref="Engines"/>.</param>
public sealed record SharedPoolAnswer(PoolId Id, string Name, string Engine);
