using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data.Entities;

namespace Platform.Control.Agents;

internal static class AgentAudit
{
    /// <summary>Agents and groups are the platform's own.</summary>
    public static AuditEventRow Event(string action, string target, Actor actor, DateTimeOffset now) => new()
    {
        TenantId = TenantId.Platform,
        Id = Guid.CreateVersion7(now),
        At = now,
        Actor = actor.Principal,
        ActorKind = actor.Kind,
        ActorName = actor.Name,
        Address = actor.Address,
        UserAgent = actor.UserAgent,
        Outcome = AuditOutcomes.Success,
        Action = action,
        Target = target,
    };
}
