using Platform.Contracts.Api;
using Platform.Portal.Layout;

namespace Platform.Portal.Operators;

/// <summary>How far an agent is behind its group.</summary>
internal static class AgentLag
{
    public static bool IsFine(AgentAnswer agent) =>
        agent is { RevokedAt: null, Rejected.Count: 0 } && agent.AppliedRevision >= agent.GroupRevision;

    public static string Of(AgentAnswer agent) => agent switch
    {
        { RevokedAt: not null } => "Revoked",
        { AppliedRevision: null } => "Never reported",
        { AppliedRevision: { } applied } when applied < agent.GroupRevision => $"Behind by {(agent.GroupRevision - applied).Grouped()}, at revision {applied.Grouped()}",
        { Rejected.Count: > 0 } => $"Refused {agent.Rejected.Count.Grouped()} of revision {agent.GroupRevision.Grouped()}",
        _ => $"Up to date, revision {agent.GroupRevision.Grouped()}",
    };
}
