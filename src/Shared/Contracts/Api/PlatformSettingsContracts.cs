using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>PUT /api/v1/operator/settings.</summary>
public sealed record PlatformSettingsRequest : IValidatableObject
{
    /// <summary>One of <see cref="SignUpModes"/>.</summary>
    [Required, AllowedValues(SignUpModes.Off, SignUpModes.Approval, SignUpModes.Open)]
    public string SignUpMode { get; init; } = "";

    /// <summary>The group of tenants that sign up.</summary>
    [Required, RegularExpression("^[a-z0-9-]{1,40}$")]
    public string SignUpGroup { get; init; } = "";

    /// <summary>The operator's ceilings for a tenant that signs up; null for none.</summary>
    public QuotaSpec? SignUpLimits { get; init; }

    /// <summary>
    /// Networks (CIDR) that tenants' own endpoints may be in although they are private; never loopback, link-local or a
    /// cloud's metadata.
    /// </summary>
    [MaxLength(100)]
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SignUpLimits is { } limits)
        {
            foreach (var (name, value) in new (string, long?)[]
            {
                (nameof(QuotaSpec.RequestsPerMinute), limits.RequestsPerMinute), (nameof(QuotaSpec.RequestsPerDay), limits.RequestsPerDay),
                (nameof(QuotaSpec.TokensPerMinute), limits.TokensPerMinute), (nameof(QuotaSpec.TokensPerDay), limits.TokensPerDay),
                (nameof(QuotaSpec.ConcurrentRequests), limits.ConcurrentRequests),
            })
            {
                if (value is < 1)
                    yield return new("A limit is 1 or more; leave it out for none.", [$"{nameof(SignUpLimits)}.{name}"]);
            }
        }
        for (var i = 0; i < AllowedNetworks.Count; i++)
        {
            if (AllowedNetwork.FaultOf(AllowedNetworks[i]) is { } fault)
                yield return new(fault, [$"{nameof(AllowedNetworks)}[{i}]"]);
        }
    }
}

public sealed record PlatformSettingsAnswer(
    string SignUpMode, AgentGroupName SignUpGroup, QuotaSpec? SignUpLimits, IReadOnlyList<string> AllowedNetworks, long Version) : IVersioned;

/// <summary>POST /api/v1/operator/operators.</summary>
public sealed record CreateOperatorRequest
{
    /// <summary>The <c>sub</c> of the person's or program's tokens.</summary>
    [Required, StringLength(200, MinimumLength = 1)]
    public string Principal { get; init; } = "";

    /// <summary>One of <see cref="OperatorRoles"/>.</summary>
    [Required, AllowedValues(OperatorRoles.Operator, OperatorRoles.Viewer)]
    public string Role { get; init; } = "";
}

/// <summary>PUT /api/v1/operator/operators/{principal}.</summary>
public sealed record OperatorRequest
{
    /// <summary>One of <see cref="OperatorRoles"/>.</summary>
    [Required, AllowedValues(OperatorRoles.Operator, OperatorRoles.Viewer)]
    public string Role { get; init; } = "";
}

public sealed record OperatorAnswer(string Principal, string Role, DateTimeOffset CreatedAt, long Version) : IVersioned;
