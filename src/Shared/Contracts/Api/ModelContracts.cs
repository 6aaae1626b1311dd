using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

public sealed record CreateModelRequest
{
    /// <summary>What callers send; see <see cref="ModelName"/>.</summary>
    [Required, RegularExpression("^[A-Za-z0-9._:/@-]{1,128}$")]
    public string Name { get; init; } = "";

    /// <summary>In the order they are tried.</summary>
    [Required, MinLength(1), MaxLength(16)]
    public IReadOnlyList<CreateModelTargetRequest> Targets { get; init; } = [];
}

public sealed record CreateModelTargetRequest
{
    /// <summary>A pool of the same tenant, or a shared one.</summary>
    [Required]
    public PoolId PoolId { get; init; }

    /// <summary>The engine's name of the model; the model's own name when left out.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string? UpstreamModel { get; init; }

    [Range(1, 1000)]
    public int Weight { get; init; } = 1;
}

/// <param name="Shared">True for a model of the platform's catalog.</param>
public sealed record ModelAnswer(ModelId Id, ModelName Name, string OwnedBy, bool Shared, IReadOnlyList<ModelTargetAnswer> Targets, DateTimeOffset CreatedAt);

public sealed record ModelTargetAnswer(PoolId PoolId, string UpstreamModel, int Weight);
