using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;

namespace Platform.Control.Agents;

/// <summary>
/// Cuts an agent off. From the commit on its calls answer 403 and its usage is quarantined; then its broker user goes,
/// which ends its connections, and its OAuth client with all tokens. What could not be deleted is tried again.
/// </summary>
internal sealed class Revocation(Database database, AgentAccounts accounts, TimeProvider time, ILogger<Revocation> log)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <returns>False where there is no such agent. Safe to repeat.</returns>
    public async Task<bool> RevokeAsync(AgentId id, Actor actor, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var found = await database.InPlatformAsync(
            async (db, token) =>
            {
                var revoked = await db.Agents.Where(a => a.Id == id && a.RevokedAt == null)
                    .ExecuteUpdateAsync(a => a.SetProperty(r => r.RevokedAt, now), token);
                if (revoked == 0)
                    return await db.Agents.AnyAsync(a => a.Id == id, token);
                db.AuditEvents.Add(AgentAudit.Event("agent.revoke", id.ToString(), actor, now));
                await db.SaveChangesAsync(token);
                return true;
            },
            ct);
        if (found)
        {
            log.Revoked(id);
            await CutOffAsync(id, ct);
        }
        return found;
    }

    /// <summary>Deletes the broker user and the client of every revoked agent that may still have them.</summary>
    public async Task SweepAsync(CancellationToken ct)
    {
        var left = await database.InPlatformAsync(
            (db, token) => db.Agents.Where(a => a.RevokedAt != null && a.CutOffAt == null).OrderBy(a => a.RevokedAt).Select(a => a.Id).Take(100).ToListAsync(token), ct);
        foreach (var id in left)
            await CutOffAsync(id, ct);
    }

    private async Task CutOffAsync(AgentId id, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        try
        {
            await accounts.DeleteAsync(id, deadline.Token);
            var now = time.GetUtcNow();
            await database.InPlatformAsync(
                (db, token) => db.Agents.Where(a => a.Id == id)
                    .ExecuteUpdateAsync(a => a.SetProperty(r => r.CutOffAt, now).SetProperty(r => r.BrokerSecret, (byte[]?)null), token),
                deadline.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.CutOffFailed(e, id);
        }
    }
}
