using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;
using Platform.Control.Secrets;

namespace Platform.Control.Agents;

/// <summary>What operators do with groups and agents.</summary>
internal static class FleetEndpoints
{
    private static readonly Failure GroupUnknown = new(StatusCodes.Status404NotFound, ProblemCodes.GroupUnknown, "There is no such agent group.");

    /// <summary>A group with a key of its own; its exchange is declared by the first message to it.</summary>
    public static async Task<Results<Created<AgentGroupAnswer>, ProblemHttpResult>> CreateGroupAsync(
        CreateAgentGroupRequest request, WriteCall call, ConfigWriter writer, PlatformSecrets secrets, CancellationToken ct)
    {
        var group = AgentGroupName.Parse(request.Name);
        var outcome = await writer.InPlatformAsync<AgentGroupAnswer>(
            TenantId.Platform,
            call,
            async (write, token) =>
            {
                if (await write.Db.AgentGroups.AnyAsync(g => g.Name == group, token))
                    return new Failure(StatusCodes.Status409Conflict, ProblemCodes.NameTaken, "The name is taken.");
                write.Db.AgentGroups.Add(new() { Name = group, CreatedAt = write.Now });
                secrets.AddGroupKey(write.Db, group, write.Now);
                write.Affects(Affected.Platform);
                write.Audit("agent-group.create", group.Value);
                return new AgentGroupAnswer(group, write.Now);
            },
            ct);
        return outcome.Failed ? outcome.Failure.ToProblem() : TypedResults.Created($"/api/v1/agent-groups/{group}", outcome.Value);
    }

    public static async Task<Results<Ok<EnrolmentTokenAnswer>, ProblemHttpResult>> CreateTokenAsync(
        string group, CreateEnrolmentTokenRequest request, CallerRights caller, Database database, TimeProvider time, CancellationToken ct)
    {
        if (!AgentGroupName.TryParse(group, null, out var name))
            return GroupUnknown.ToProblem();
        var (token, now) = (EnrolmentTokenText.Generate(), time.GetUtcNow());
        var row = new EnrolmentTokenRow { Hash = EnrolmentTokenText.Hash(token), GroupName = name, ExpiresAt = now.AddMinutes(request.ValidMinutes) };
        var stored = await database.InPlatformAsync(
            async (db, t) =>
            {
                if (!await db.AgentGroups.AnyAsync(g => g.Name == name, t))
                    return false;
                db.EnrolmentTokens.Add(row);
                db.AuditEvents.Add(AgentAudit.Event("enrolment-token.create", name.Value, caller.Subject, now));
                await db.SaveChangesAsync(t);
                return true;
            },
            ct);
        return stored ? TypedResults.Ok(new EnrolmentTokenAnswer(token, name, row.ExpiresAt)) : GroupUnknown.ToProblem();
    }

    /// <summary>Who is there, and who is behind and why.</summary>
    public static Task<Page<AgentAnswer>> ListAsync([AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InPlatformAsync(
            async (db, token) =>
            {
                var revisions = await db.AgentGroups
                    .Select(g => new { g.Name, Revision = db.ConfigResources.Where(r => r.GroupName == g.Name).Max(r => (long?)r.Revision) })
                    .ToDictionaryAsync(g => g.Name, g => g.Revision ?? 0, token);
                return await db.Agents.ToPageAsync(a => a.Id, page, a => Answer(a, revisions.GetValueOrDefault(a.GroupName)), token);
            },
            ct);

    public static async Task<Results<Ok<AgentAnswer>, ProblemHttpResult>> RevokeAsync(
        AgentId id, CallerRights caller, Revocation revocation, Database database, CancellationToken ct)
    {
        if (!await revocation.RevokeAsync(id, caller.Subject, ct))
            return new Failure(StatusCodes.Status404NotFound, ProblemCodes.NotFound, "There is no such agent.").ToProblem();
        var (row, revision) = await database.InPlatformAsync(
            async (db, token) =>
            {
                var agent = await db.Agents.AsNoTracking().SingleAsync(a => a.Id == id, token);
                return (agent, await db.ConfigResources.Where(r => r.GroupName == agent.GroupName).MaxAsync(r => (long?)r.Revision, token));
            },
            ct);
        return TypedResults.Ok(Answer(row, revision ?? 0));
    }

    private static AgentAnswer Answer(AgentRow row, long groupRevision) => new(
        row.Id,
        row.Name,
        row.GroupName,
        row.Version,
        row.HostKind,
        row.EnrolledAt,
        row.RevokedAt,
        row.LastSeenAt,
        row.BootId,
        groupRevision,
        row.AppliedRevision,
        RejectedList.Read(row.Rejected));
}
