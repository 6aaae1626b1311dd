using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>Who acts in an audit event.</summary>
public static class ActorKinds
{
    public const string User = "user";
    public const string Client = "client";
    public const string Agent = "agent";

    /// <summary>An operator inside a tenant, by a token that was exchanged for it.</summary>
    public const string Operator = "operator";

    /// <summary>The platform itself: bootstrap, jobs.</summary>
    public const string System = "system";
}

public static class AuditOutcomes
{
    public const string Success = "success";

    /// <summary>Refused for want of rights.</summary>
    public const string Denied = "denied";

    /// <summary>Tried and failed, for example a wrong password.</summary>
    public const string Failed = "failed";
}

/// <param name="TenantId">Whose trail it is in.</param>
/// <param name="Actor">The principal's <c>sub</c>.</param>
/// <param name="ActorKind">One of <see cref="ActorKinds"/>.</param>
/// <param name="Outcome">One of <see cref="AuditOutcomes"/>.</param>
/// <param name="Before">The resource as it was, without secrets.</param>
/// <param name="After">The resource as it became, without secrets.</param>
public sealed record AuditEventAnswer(
    Guid Id,
    TenantId TenantId,
    DateTimeOffset At,
    string Actor,
    string ActorKind,
    string? ActorName,
    string? Address,
    string? UserAgent,
    string Outcome,
    string Action,
    string Target,
    JsonElement? Before,
    JsonElement? After,
    JsonElement? Details);
