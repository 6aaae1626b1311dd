using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;

namespace Platform.Contracts.Api;

/// <summary>POST /api/v1/agent-groups/{group}/enrolment-tokens, operator.</summary>
public sealed record CreateEnrolmentTokenRequest
{
    /// <summary>Minutes until the token is void.</summary>
    [Range(1, 7 * 24 * 60)]
    public int ValidMinutes { get; init; } = 60;
}

/// <param name="Token">Good for one enrolment; shown here only.</param>
/// <param name="Replayed">The token was made by an earlier request with the same idempotency key.</param>
public sealed record EnrolmentTokenAnswer(string? Token, AgentGroupName Group, DateTimeOffset ExpiresAt, bool Replayed = false) : ISecretAnswer
{
    public object WithoutSecret(bool replayed) => this with { Token = null, Replayed = replayed };
}

/// <summary>GET /api/v1/agents, operator: who is there, and who is behind and why.</summary>
/// <param name="GroupRevision">The newest revision of the agent's group.</param>
/// <param name="Version">The program that it runs.</param>
/// <param name="RowVersion">The ETag's; grows with what operators change.</param>
/// <param name="AppliedRevision">What the agent last said it holds; null before it said anything.</param>
public sealed record AgentAnswer(
    AgentId Id,
    string Name,
    AgentGroupName Group,
    string? Version,
    string? HostKind,
    DateTimeOffset EnrolledAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastSeenAt,
    BootId? BootId,
    long GroupRevision,
    long? AppliedRevision,
    IReadOnlyList<RejectedResource> Rejected,
    long RowVersion) : IVersioned
{
    long IVersioned.Version => RowVersion;
}

/// <summary>PUT /api/v1/agents/{id}, operator.</summary>
public sealed record UpdateAgentRequest
{
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";
}

/// <summary>POST /api/v1/agent-groups, operator.</summary>
public sealed record CreateAgentGroupRequest
{
    [Required, RegularExpression("^[a-z0-9-]{1,40}$")]
    public string Name { get; init; } = "";

    [StringLength(500)]
    public string? Description { get; init; }
}

/// <summary>PUT /api/v1/agent-groups/{group}, operator. A group's name is for good: agents, exchanges and secrets carry it.</summary>
public sealed record UpdateAgentGroupRequest
{
    [StringLength(500)]
    public string? Description { get; init; }
}

/// <param name="Revision">The newest config revision of the group; 0 before there was one.</param>
/// <param name="Agents">Agents that are enrolled and not revoked.</param>
public sealed record AgentGroupAnswer(
    AgentGroupName Name, string? Description, long Revision, int Agents, DateTimeOffset CreatedAt, long Version) : IVersioned;
