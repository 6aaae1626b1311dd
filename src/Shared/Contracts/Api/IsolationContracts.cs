using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>PUT /api/v1/tenants/{tenantId}/isolation-policy: the tenant's own part. What is left out is the operator's to say.</summary>
public sealed record IsolationPolicyRequest
{
    /// <summary>The only networks that callers may be in, in CIDR notation; null for any.</summary>
    [Length(1, 100)]
    public IReadOnlyList<string>? IpRanges { get; init; }

    /// <summary>Days that usage is kept in detail.</summary>
    [Range(1, 3650)]
    public int? RetentionDays { get; init; }

    /// <summary>Seconds without news from Control after which an agent refuses the tenant; null for never.</summary>
    [Range(1, 604_800)]
    public int? MaxSecondsWithoutControl { get; init; }

    /// <summary>Whether no content of requests and answers is kept anywhere, not even in an agent's memory; null is false.</summary>
    public bool? ZeroRetention { get; init; }

    /// <summary>
    /// Certificates (PEM, one each) of certificate authorities, of which one must have issued the caller's own certificate,
    /// by TLS; null where callers need none.
    /// </summary>
    [Length(1, CertificateLimits.MaxAuthorities)]
    public IReadOnlyList<string>? ClientAuthorities { get; init; }
}

/// <summary>PUT /api/v1/operator/tenants/{tenantId}/isolation-policy.</summary>
public sealed record OperatorIsolationPolicyRequest
{
    /// <summary>The only pools that may serve the tenant, of its own and the shared ones; null for all.</summary>
    [Length(1, 1000)]
    public IReadOnlyList<PoolId>? AllowedPools { get; init; }

    /// <inheritdoc cref="IsolationPolicyRequest.IpRanges"/>
    [Length(1, 100)]
    public IReadOnlyList<string>? IpRanges { get; init; }

    /// <inheritdoc cref="IsolationPolicyRequest.RetentionDays"/>
    [Range(1, 3650)]
    public int? RetentionDays { get; init; }

    /// <summary>Relative share of a saturated pool; 1 where it is null.</summary>
    [Range(0.01, 100)]
    public double? FairnessWeight { get; init; }

    /// <summary>Higher bands are served first; 0 where it is null.</summary>
    [Range(-100, 100)]
    public int? PriorityBand { get; init; }

    /// <inheritdoc cref="IsolationPolicyRequest.MaxSecondsWithoutControl"/>
    [Range(1, 604_800)]
    public int? MaxSecondsWithoutControl { get; init; }

    /// <inheritdoc cref="IsolationPolicyRequest.ZeroRetention"/>
    public bool? ZeroRetention { get; init; }

    /// <inheritdoc cref="IsolationPolicyRequest.ClientAuthorities"/>
    [Length(1, CertificateLimits.MaxAuthorities)]
    public IReadOnlyList<string>? ClientAuthorities { get; init; }

    /// <summary>Whether shared engines keep this tenant's prefixes apart by a secret of its own.</summary>
    public bool CacheSalt { get; init; }
}

/// <param name="Own">The tenant's part; null where it never said anything.</param>
/// <param name="Operators">The operator's part; null where it never said anything.</param>
/// <param name="Effective">What holds: the stricter of both, member by member. An empty list allows nobody and nothing.</param>
/// <param name="CacheSalt">Whether there is a salt; it is shown to nobody.</param>
/// <param name="Version">Grows with each change of either part; 0 where there was none.</param>
public sealed record IsolationPolicyAnswer(
    IsolationSpec? Own, IsolationSpec? Operators, IsolationSpec? Effective, bool CacheSalt, DateTimeOffset? UpdatedAt, long Version) : IVersioned;
