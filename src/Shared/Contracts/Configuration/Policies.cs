using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Configuration;

/// <summary>One policy: its rules in their order, and what it is attached to.</summary>
/// <param name="Order">Lower ones are applied first.</param>
public sealed record GuardrailPolicyEntry(Guid Id, string Name, int Order, GuardrailSpec Spec);

/// <summary>Empty attachments mean the whole tenant; else any of them is enough.</summary>
public sealed record GuardrailSpec
{
    public IReadOnlyList<ProjectId> Projects { get; init; } = [];

    public IReadOnlyList<ApiKeyId> Keys { get; init; } = [];

    /// <summary>Names that callers send.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Applied in this order.</summary>
    public IReadOnlyList<GuardrailRule> Rules { get; init; } = [];
}

/// <param name="Phase"><c>input</c>, <c>output</c> or <c>both</c>.</param>
/// <param name="Action"><c>block</c>, <c>redact</c> or <c>flag</c>.</param>
/// <param name="Roles">Of <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>; empty for all.</param>
/// <param name="Threshold">Score from 0 to 1 from which a scoring detector counts.</param>
/// <param name="Message">What the caller is told when the rule blocks.</param>
public sealed record GuardrailRule(
    string Name,
    string Phase,
    string Action,
    IReadOnlyList<GuardrailDetector> Detectors,
    IReadOnlyList<string>? Roles = null,
    double? Threshold = null,
    string? Message = null);

/// <param name="Type">The detector's name, for example <c>email</c>.</param>
/// <param name="Options">What the detector needs, for example a pattern or a list of words.</param>
public sealed record GuardrailDetector(string Type, JsonElement? Options = null);

/// <summary>How a tenant is kept apart; null leaves a member to what is above it.</summary>
public sealed record IsolationSpec
{
    /// <summary>Pools that may serve the tenant; null for all that are offered.</summary>
    public IReadOnlyList<PoolId>? AllowedPools { get; init; }

    /// <summary>Networks (CIDR) that callers may be in; null for any.</summary>
    public IReadOnlyList<string>? IpRanges { get; init; }

    /// <summary>Days that usage is kept in detail.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Relative share of a saturated pool; 1 where nobody said.</summary>
    public double? FairnessWeight { get; init; }

    /// <summary>Higher bands are served first; 0 where nobody said.</summary>
    public int? PriorityBand { get; init; }

    /// <summary>Seconds without news from Control after which an agent refuses the tenant; null for never.</summary>
    public int? MaxSecondsWithoutControl { get; init; }

    /// <summary>
    /// Whether no content of requests and answers is kept anywhere, not even in an agent's memory: no answer is given
    /// again by <c>Idempotency-Key</c>, and none comes from a cache. Null is false.
    /// </summary>
    public bool? ZeroRetention { get; init; }

    /// <summary>
    /// Certificates (PEM, one each) of the authorities of which one must have issued the caller's own certificate, by
    /// TLS; null where callers need none, and an empty list lets nobody in.
    /// </summary>
    public IReadOnlyList<string>? ClientAuthorities { get; init; }
}
