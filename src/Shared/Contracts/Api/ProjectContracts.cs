using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>POST /api/v1/tenants/{tenantId}/projects, and PUT on one of them.</summary>
public sealed record ProjectRequest
{
    /// <summary>Unique among the tenant's projects.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";
}

public sealed record ProjectAnswer(ProjectId Id, string Name, DateTimeOffset CreatedAt, long Version) : IVersioned;
