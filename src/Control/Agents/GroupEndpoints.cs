using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;
using Platform.Control.Secrets;

namespace Platform.Control.Agents;

/// <summary>What operators do with agent groups.</summary>
internal static class GroupEndpoints
{
    private const string Thing = "agent group";

    private static readonly Sorts<AgentGroupRow> Sorted = new Sorts<AgentGroupRow>().By("name", g => (string)(object)g.Name, g => g.Name.Value);

    public static Task<Page<AgentGroupAnswer>> ListAsync([AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InPlatformAsync(
            async (db, token) =>
            {
                var names = await db.AgentGroups.Containing(g => (string)(object)g.Name, page)
                    .ToPageByTextAsync(g => (string)(object)g.Name, "name", page, Sorted, g => g.Name, token);
                var answers = await Answers(db, db.AgentGroups.Where(g => names.Items.Contains(g.Name))).ToDictionaryAsync(a => a.Name, token);
                return new Page<AgentGroupAnswer>([.. names.Items.Select(n => answers[n])], names.NextCursor);
            },
            ct);

    public static async Task<FoundAnswer<AgentGroupAnswer>> GetAsync(string group, Database database, CancellationToken ct)
    {
        var answer = AgentGroupName.TryParse(group, null, out var name)
            ? await database.InPlatformAsync((db, token) => Answers(db, db.AgentGroups.Where(g => g.Name == name)).SingleOrDefaultAsync(token), ct)
            : null;
        return new(answer, Thing);
    }

    /// <summary>A group with a key of its own; its exchange is declared by the first message to it.</summary>
    public static async Task<WriteAnswer<AgentGroupAnswer, Creates>> CreateAsync(
        CreateAgentGroupRequest request, WriteCall call, ConfigWriter writer, PlatformSecrets secrets, CancellationToken ct)
    {
        var group = AgentGroupName.Parse(request.Name);
        var written = await writer.InPlatformAsync<AgentGroupAnswer>(
            TenantId.Platform,
            call,
            async (write, token) =>
            {
                if (await write.Db.AgentGroups.AnyAsync(g => g.Name == group, token))
                    return Failure.Conflict(ProblemCodes.NameTaken, "The name is taken.");
                write.Db.AgentGroups.Add(new() { Name = group, Description = request.Description, CreatedAt = write.Now });
                secrets.AddGroupKey(write.Db, group, write.Now);
                write.Affects(Affected.Platform);
                var answer = new AgentGroupAnswer(group, request.Description, 0, 0, write.Now, 1);
                write.Audit("agent-group.create", group.Value, null, answer);
                return answer;
            },
            ct);
        return written.ToCreated(g => $"/api/v1/agent-groups/{g.Name}");
    }

    public static async Task<WriteAnswer<AgentGroupAnswer, Changes>> UpdateAsync(
        string group, UpdateAgentGroupRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await ChangeAsync(group, call, writer.UnheardInPlatformAsync<AgentGroupAnswer>, (write, row, before, _) =>
        {
            row.Description = request.Description;
            row.Version++;
            var after = before with { Description = row.Description, Version = row.Version };
            write.Audit("agent-group.update", row.Name.Value, before, after);
            return Task.FromResult<Outcome<AgentGroupAnswer>>(after);
        }, ct);
        return written.ToChanged();
    }

    /// <summary>A group goes when nothing is left in it; its keys, enrolment tokens and documents go with it.</summary>
    public static async Task<WriteAnswer<AgentGroupAnswer, Deletes>> DeleteAsync(string group, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await ChangeAsync(group, call, writer.InPlatformAsync<AgentGroupAnswer>, async (write, row, before, token) =>
        {
            var (db, name) = (write.Db, row.Name);
            if (await UserAsync(db, name, token) is { } user)
                return Failure.Conflict(ProblemCodes.InUse, $"The group is not empty: {user}.");
            await LeaveAsync(db, name, token);
            await db.EnrolmentTokens.Where(t => t.GroupName == name).ExecuteDeleteAsync(token);
            await db.GroupKeys.Where(k => k.GroupName == name).ExecuteDeleteAsync(token);
            await db.ConfigResources.Where(r => r.GroupName == name).ExecuteDeleteAsync(token);
            db.AgentGroups.Remove(row);
            write.Audit("agent-group.delete", name.Value, before, null);
            return before;
        }, ct);
        return written.ToDeleted();
    }

    private static async Task<string?> UserAsync(ControlDb db, AgentGroupName name, CancellationToken ct)
    {
        if (name == AgentGroupName.Default)
            return "the default group stays";
        if (await db.Tenants.AnyAsync(t => t.GroupName == name && t.ClosedAt == null, ct))
            return "tenants are served by it";
        if (await db.Pools.AnyAsync(p => p.GroupName == name && p.DeletedAt == null, ct))
            return "pools are in it";
        if (await db.PlatformSettings.AnyAsync(s => s.SignUpGroup == name, ct))
            return "tenants that sign up go to it";
        return await db.Agents.AnyAsync(a => a.GroupName == name && a.RevokedAt == null, ct) ? "agents are enrolled for it" : null;
    }

    /// <summary>What is over, and only remembered because usage names it, is remembered in the default group.</summary>
    private static async Task LeaveAsync(ControlDb db, AgentGroupName name, CancellationToken ct)
    {
        await db.Tenants.Where(t => t.GroupName == name).ExecuteUpdateAsync(t => t.SetProperty(r => r.GroupName, AgentGroupName.Default), ct);
        await db.Pools.Where(p => p.GroupName == name).ExecuteUpdateAsync(p => p.SetProperty(r => r.GroupName, AgentGroupName.Default), ct);
        await db.Agents.Where(a => a.GroupName == name).ExecuteUpdateAsync(a => a.SetProperty(r => r.GroupName, AgentGroupName.Default), ct);
    }

    private static Task<Written<AgentGroupAnswer>> ChangeAsync(
        string group,
        WriteCall call,
        Func<TenantId, WriteCall, Func<ConfigWrite, CancellationToken, Task<Outcome<AgentGroupAnswer>>>, CancellationToken, Task<Written<AgentGroupAnswer>>> write,
        Func<ConfigWrite, AgentGroupRow, AgentGroupAnswer, CancellationToken, Task<Outcome<AgentGroupAnswer>>> change,
        CancellationToken ct) =>
        write(
            TenantId.Platform,
            call,
            async (w, token) =>
            {
                if (!AgentGroupName.TryParse(group, null, out var name) || await w.Db.AgentGroups.SingleOrDefaultAsync(g => g.Name == name, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (w.IsStale(row.Version, out var stale))
                    return stale;
                var before = await Answers(w.Db, w.Db.AgentGroups.Where(g => g.Name == name)).SingleAsync(token);
                return await change(w, row, before, token);
            },
            ct);

    private static IQueryable<AgentGroupAnswer> Answers(ControlDb db, IQueryable<AgentGroupRow> rows) => rows.Select(g => new AgentGroupAnswer(
        g.Name,
        g.Description,
        db.ConfigResources.Where(r => r.GroupName == g.Name).Max(r => (long?)r.Revision) ?? 0,
        db.Agents.Count(a => a.GroupName == g.Name && a.RevokedAt == null),
        g.CreatedAt,
        g.Version));
}
