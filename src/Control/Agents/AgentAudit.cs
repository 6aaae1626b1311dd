using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;

namespace Platform.Control.Agents;

internal static class AgentAudit
{
    /// <summary>Agents and groups are the platform's own.</summary>
    public static AuditEventRow Event(string action, string target, string actor, DateTimeOffset now) => new()
    {
        TenantId = TenantId.Platform,
        Id = Guid.CreateVersion7(now),
        At = now,
        Actor = actor,
        ActorKind = ActorKinds.User,
        Outcome = AuditOutcomes.Success,
        Action = action,
        Target = target,
    };
}
