using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Control.Bus;
using Platform.Control.Data;
using Platform.Control.Usage;

namespace Platform.Control.Agents;

/// <summary>
/// Takes what agents publish to <c>platform.agents</c>: which configuration they hold, and how far their journals go.
/// The last report wins; a lost or late one is mended by the next, seconds later.
/// </summary>
internal sealed class AgentReports(Database database, KnownAgents agents, Persistence persistence, TimeProvider time, ILogger<AgentReports> log)
{
    public Task HandleAsync(AgentMessage message, CancellationToken ct) =>
        persistence.UntilDoneAsync(token => TakeAsync(message, token), token => DropAsync(message, QuarantineReasons.Unexpected), ct);

    private async Task TakeAsync(AgentMessage message, CancellationToken ct)
    {
        var (agent, fault) = await agents.AuthenticateAsync(message, ct);
        if (agent is null)
        {
            await DropAsync(message, fault);
            return;
        }
        try
        {
            await (message.Type switch
            {
                BusTopology.ConfigAppliedType => AppliedAsync(agent, JsonSerializer.Deserialize(message.Body.Span, WireJson.Default.ConfigApplied), message, ct),
                BusTopology.JournalHeadsType => HeadsAsync(agent, JsonSerializer.Deserialize(message.Body.Span, WireJson.Default.JournalHeads), message, ct),
                _ => DropAsync(message, "type_unknown"),
            });
        }
        catch (JsonException)
        {
            await DropAsync(message, QuarantineReasons.Unreadable);
        }
    }

    private Task AppliedAsync(KnownAgent agent, ConfigApplied? report, AgentMessage message, CancellationToken ct)
    {
        if (report?.Rejected is null || report.AgentId != agent.Id || report.Revision < 0)
            return DropAsync(message, QuarantineReasons.Unreadable);
        var rejected = JsonSerializer.SerializeToElement(RejectedList.Bounded(report.Rejected), RejectedList.Json);
        var now = time.GetUtcNow();
        return database.InPlatformAsync(
            (db, token) => db.Agents.Where(a => a.Id == agent.Id).ExecuteUpdateAsync(
                a => a.SetProperty(r => r.LastSeenAt, now)
                    .SetProperty(r => r.BootId, report.BootId)
                    .SetProperty(r => r.Epoch, report.Epoch)
                    .SetProperty(r => r.AppliedRevision, report.Revision)
                    .SetProperty(r => r.Rejected, rejected),
                token),
            ct);
    }

    private Task HeadsAsync(KnownAgent agent, JournalHeads? report, AgentMessage message, CancellationToken ct)
    {
        if (report?.Heads is not { Count: <= JournalHeads.MaxHeads } heads || report.AgentId != agent.Id || heads.Any(h => h.LastSequence is < 0 or > RecordRules.MaxSequence))
            return DropAsync(message, QuarantineReasons.Unreadable);
        var now = time.GetUtcNow();
        return database.InIngestAsync(
            async (db, token) =>
            {
                await Watermarks.NoteHeadsAsync((NpgsqlConnection)db.Database.GetDbConnection(), agent.Id, heads, now, token);
                return true;
            },
            ct);
    }

    private Task DropAsync(AgentMessage message, string reason)
    {
        log.ReportDropped(reason, message.Sender);
        return Task.CompletedTask;
    }
}
