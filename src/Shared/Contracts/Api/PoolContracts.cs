using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

public sealed record CreatePoolRequest
{
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    [Required, AllowedValues("vllm", "sglang", "trtllm", "triton", "tgi", "llamacpp", "ollama", "nim", "openai", "anthropic")]
    public string Engine { get; init; } = Engines.Vllm;

    [Required, MinLength(1), MaxLength(1000)]
    public IReadOnlyList<CreateEndpointRequest> Endpoints { get; init; } = [];

    /// <summary>The upstream's credential; write-only, sealed before it is stored.</summary>
    [StringLength(500, MinimumLength = 1)]
    public string? ProviderKey { get; init; }
}

public sealed record CreateEndpointRequest
{
    /// <summary>Absolute http or https address, without query, fragment or credentials.</summary>
    [Required, StringLength(500)]
    public string Url { get; init; } = "";
}

public sealed record PoolAnswer(
    PoolId Id,
    string Name,
    string Engine,
    IReadOnlyList<EndpointAnswer> Endpoints,
    bool HasProviderKey,
    DateTimeOffset CreatedAt);

public sealed record EndpointAnswer(EndpointId Id, Uri Url);
