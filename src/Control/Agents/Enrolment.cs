using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Agents;

/// <summary>
/// Makes an agent out of a one-time token. Its client and broker user come first and are worth nothing until the agent's
/// row is there: that row and the token's use are one transaction, and every call of an agent looks for the row.
/// </summary>
internal sealed class Enrolment(
    Database database, AgentAccounts accounts, SecretsForAgents secrets, ControlSettings control, TimeProvider time, ILogger<Enrolment> log)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>One answer for all that may be wrong: a guesser learns nothing.</summary>
    private static readonly Failure Refused = new(
        StatusCodes.Status403Forbidden, ProblemCodes.EnrolmentRefused, "The token or the keys are not good for an enrolment.");

    public async Task<Outcome<EnrolAgentAnswer>> EnrolAsync(EnrolAgentRequest request, CancellationToken ct)
    {
        var hash = EnrolmentTokenText.Hash(request.Token);
        if (AgentKeys.TryRead(request.SigningKey, request.EncryptionKey) is not { } keys || await GroupOfAsync(hash, ct) is not { } group)
        {
            log.EnrolmentRefused();
            return Refused;
        }
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        var id = AgentId.New();
        var enrolled = false;
        try
        {
            var brokerSecret = await accounts.CreateAsync(id, group, Printable(request.Name) ?? "", keys, deadline.Token);
            var agent = NewAgent(id, group, request, keys, brokerSecret);
            var answer = await database.InPlatformAsync((db, token) => TakeAsync(db, agent, hash, token), deadline.Token);
            enrolled = !answer.Failed;
            if (enrolled)
                log.Enrolled(id, group);
            return answer;
        }
        catch (HttpRequestException e)
        {
            log.BrokerRefused(e, id);
            return new Failure(StatusCodes.Status503ServiceUnavailable, ProblemCodes.DependencyDown, "The broker does not make users now; try again.");
        }
        finally
        {
            if (!enrolled)
                await UndoAsync(id);
        }
    }

    /// <summary>Null for a token that is unknown, used or void.</summary>
    private async Task<AgentGroupName?> GroupOfAsync(byte[] hash, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var token = await database.InPlatformAsync(
            (db, t) => db.EnrolmentTokens.AsNoTracking().SingleOrDefaultAsync(e => e.Hash == hash && e.UsedAt == null && e.ExpiresAt > now, t), ct);
        return token?.GroupName;
    }

    private async Task<Outcome<EnrolAgentAnswer>> TakeAsync(ControlDb db, AgentRow agent, byte[] hash, CancellationToken ct)
    {
        var (id, now) = (agent.Id, agent.EnrolledAt);
        var taken = await db.EnrolmentTokens
            .Where(e => e.Hash == hash && e.UsedAt == null && e.ExpiresAt > now)
            .ExecuteUpdateAsync(e => e.SetProperty(t => t.UsedAt, now).SetProperty(t => t.UsedBy, id), ct);
        if (taken != 1)
            return Refused;
        db.Agents.Add(agent);
        db.AuditEvents.Add(AgentAudit.Event("agent.enrol", id.ToString(), new(AgentClients.ClientId(id), ActorKinds.Agent), now));
        await db.SaveChangesAsync(ct);
        return new EnrolAgentAnswer(
            id, agent.GroupName, AgentClients.ClientId(id), control.Issuer, control.TokenEndpoint, await secrets.SealAsync(db, agent, ct));
    }

    private AgentRow NewAgent(AgentId id, AgentGroupName group, EnrolAgentRequest request, AgentKeys keys, byte[]? brokerSecret) => new()
    {
        Id = id,
        GroupName = group,
        Name = Printable(request.Name) ?? "",
        Version = Printable(request.Version),
        HostKind = Printable(request.HostKind),
        SigningKey = keys.Signing,
        EncryptionKey = keys.Encryption,
        BrokerSecret = brokerSecret,
        EnrolledAt = time.GetUtcNow(),
    };

    /// <summary>What strangers say of themselves is shown to operators, and PostgreSQL's text holds no NUL.</summary>
    private static string? Printable(string? text) => text is null ? null : string.Concat(text.Where(c => !char.IsControl(c)));

    /// <summary>Takes back what an enrolment that came to nothing made; also after a cancelled request.</summary>
    private async Task UndoAsync(AgentId id)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await accounts.DeleteAsync(id, deadline.Token);
        }
        catch (Exception e)
        {
            log.UndoFailed(e, id);
        }
    }
}
