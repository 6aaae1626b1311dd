using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Bus;
using Platform.Control.Data;
using Platform.Control.Usage;

namespace Platform.Control.Agents;

/// <summary>An enrolled agent that is not revoked.</summary>
/// <param name="Group">From its enrolment, never from its own word.</param>
internal sealed record KnownAgent(AgentId Id, AgentGroupName Group);

/// <summary>Tells who wrote a message. The agent is looked up each time, so that a revocation holds from its commit on.</summary>
internal sealed class KnownAgents(Database database)
{
    /// <returns>The agent, or null and one of <see cref="QuarantineReasons"/>.</returns>
    public async Task<(KnownAgent? Agent, string Fault)> AuthenticateAsync(AgentMessage message, CancellationToken ct)
    {
        if (message.Sender is not { } id)
            return (null, QuarantineReasons.AgentUnknown);
        var row = await database.InIngestAsync((db, token) => db.Agents.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, token), ct);
        return row switch
        {
            null => (null, QuarantineReasons.AgentUnknown),
            { RevokedAt: not null } => (null, QuarantineReasons.AgentRevoked),
            _ when !message.IsSignedBy(row.SigningKey) => (null, QuarantineReasons.SignatureInvalid),
            _ => (new(row.Id, row.GroupName), ""),
        };
    }
}
