using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Agents;

/// <summary>What operators do with agents.</summary>
internal static class FleetEndpoints
{
    private const string Thing = "agent";

    private static readonly Failure GroupUnknown = new(StatusCodes.Status404NotFound, ProblemCodes.GroupUnknown, "There is no such agent group.");

    private static readonly Sorts<AgentRow> Sorted = new Sorts<AgentRow>().By("name", a => a.Name);

    /// <summary>The answer is the only place where the token ever appears.</summary>
    public static async Task<WriteAnswer<EnrolmentTokenAnswer, Changes>> CreateTokenAsync(
        string group, CreateEnrolmentTokenRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var token = EnrolmentTokenText.Generate();
        var written = await writer.UnheardInPlatformAsync<EnrolmentTokenAnswer>(
            TenantId.Platform,
            call,
            async (write, cancel) =>
            {
                if (!AgentGroupName.TryParse(group, null, out var name) || !await write.Db.AgentGroups.AnyAsync(g => g.Name == name, cancel))
                    return GroupUnknown;
                var row = new EnrolmentTokenRow { Hash = EnrolmentTokenText.Hash(token), GroupName = name, ExpiresAt = write.Now.AddMinutes(request.ValidMinutes) };
                write.Db.EnrolmentTokens.Add(row);
                write.Audit("enrolment-token.create", name.Value);
                return new EnrolmentTokenAnswer(token, name, row.ExpiresAt);
            },
            ct);
        return written.ToChanged();
    }

    /// <summary>Who is there, and who is behind and why.</summary>
    public static Task<Page<AgentAnswer>> ListAsync([AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InPlatformAsync(
            async (db, token) =>
            {
                var revisions = await db.AgentGroups
                    .Select(g => new { g.Name, Revision = db.ConfigResources.Where(r => r.GroupName == g.Name).Max(r => (long?)r.Revision) })
                    .ToDictionaryAsync(g => g.Name, g => g.Revision ?? 0, token);
                return await db.Agents.Containing(a => a.Name, page)
                    .ToPageAsync(a => a.Id, page, Sorted, a => Answer(a, revisions.GetValueOrDefault(a.GroupName)), token);
            },
            ct);

    public static async Task<FoundAnswer<AgentAnswer>> GetAsync(AgentId id, Database database, CancellationToken ct) =>
        new(await FindAsync(id, database, ct), Thing);

    public static async Task<WriteAnswer<AgentAnswer, Changes>> UpdateAsync(
        AgentId id, UpdateAgentRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.UnheardInPlatformAsync<AgentAnswer>(
            TenantId.Platform,
            call,
            async (write, token) =>
            {
                if (await write.Db.Agents.SingleOrDefaultAsync(a => a.Id == id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (write.IsStale(row.RowVersion, out var stale))
                    return stale;
                var revision = await RevisionAsync(write.Db, row, token);
                var before = Answer(row, revision);
                (row.Name, row.RowVersion) = (request.Name, row.RowVersion + 1);
                var after = Answer(row, revision);
                write.Audit("agent.update", id.ToString(), before, after);
                return after;
            },
            ct);
        return written.ToChanged();
    }

    /// <summary>Cuts the agent off; safe to repeat.</summary>
    public static async Task<WriteAnswer<AgentAnswer, Changes>> RevokeAsync(
        AgentId id, WriteCall call, Revocation revocation, Database database, CancellationToken ct)
    {
        if (!call.DryRun && !await revocation.RevokeAsync(id, call.Actor, ct))
            return new Written<AgentAnswer> { Failure = Failure.NotFound(Thing) }.ToChanged();
        return (await FindAsync(id, database, ct) is { } answer
            ? new Written<AgentAnswer> { Value = answer, Preview = call.DryRun ? [] : null }
            : new() { Failure = Failure.NotFound(Thing) }).ToChanged();
    }

    private static Task<AgentAnswer?> FindAsync(AgentId id, Database database, CancellationToken ct) => database.InPlatformAsync(
        async (db, token) => await db.Agents.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, token) is { } row
            ? Answer(row, await RevisionAsync(db, row, token))
            : null,
        ct);

    private static async Task<long> RevisionAsync(ControlDb db, AgentRow row, CancellationToken ct) =>
        await db.ConfigResources.Where(r => r.GroupName == row.GroupName).MaxAsync(r => (long?)r.Revision, ct) ?? 0;

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
        RejectedList.Read(row.Rejected),
        row.RowVersion);
}
