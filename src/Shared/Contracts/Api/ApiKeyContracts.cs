using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

public sealed record CreateApiKeyRequest
{
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    [Required]
    public ProjectId ProjectId { get; init; }

    /// <summary>Must lie in the future; null for no end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <param name="Prefix">The public first part, to recognise the key by.</param>
public sealed record ApiKeyAnswer(
    ApiKeyId Id,
    string Name,
    ProjectId ProjectId,
    ApiKeyPrefix Prefix,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt);

/// <param name="Key">The key's text. This answer is the only place where it ever appears.</param>
public sealed record CreatedApiKeyAnswer(ApiKeyAnswer ApiKey, string Key);
