using Platform.Contracts.Messages;
using Platform.Contracts.Usage;
using Platform.Control.Agents;
using Platform.Control.Bus;

namespace Platform.Control.Usage;

/// <summary>
/// Takes what agents publish to <c>platform.usage</c>. Every message ends in the ledger, in the quarantine, or partly in
/// both; while the database is away it stays unacknowledged, and the broker holds the rest.
/// </summary>
internal sealed class UsageIntake(KnownAgents agents, Ledger ledger, Quarantine quarantine, Persistence persistence, TimeProvider time)
{
    public Task HandleAsync(AgentMessage message, CancellationToken ct) =>
        persistence.UntilDoneAsync(
            token => TakeAsync(message, token),
            token => quarantine.KeepAsync(message, QuarantineReasons.Unexpected, token),
            ct);

    private async Task TakeAsync(AgentMessage message, CancellationToken ct)
    {
        var (agent, fault) = await agents.AuthenticateAsync(message, ct);
        if (agent is null)
        {
            await quarantine.KeepAsync(message, fault, ct);
            return;
        }
        if (message.Type != BusTopology.UsageBatchType || ReadBatch.TryRead(message.Body) is not { } batch)
        {
            await quarantine.KeepAsync(message, QuarantineReasons.Unreadable, ct);
            return;
        }
        if (batch.AgentId != agent.Id)
        {
            await quarantine.KeepAsync(message, QuarantineReasons.AgentIsNotSender, ct);
            return;
        }
        await ledger.StoreAsync(Sorted(agent, batch), ct);
    }

    /// <summary>Tells what the rules admit from what they do not; which tenants the group serves is asked with the storing.</summary>
    private CheckedBatch Sorted(KnownAgent agent, ReadBatch batch)
    {
        var now = time.GetUtcNow();
        var good = new List<UsageRecord>(batch.Records.Count);
        var bad = new List<RefusedRecord>(batch.Unreadable.Select(RefusedRecord.Of));
        foreach (var record in batch.Records)
            if (RecordRules.Fault(record, agent.Id, now) is { } fault)
                bad.Add(RefusedRecord.Of(record, fault));
            else
                good.Add(record);
        return new(agent, good, bad, now);
    }
}
