using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Tenants;

/// <summary>What operators do with tenants.</summary>
internal static class OperatorTenantEndpoints
{
    public static readonly Sorts<TenantRow> Sorted = new Sorts<TenantRow>().By("name", t => t.Name).By("slug", t => t.Slug);

    private static readonly Failure Closed = Failure.Conflict(ProblemCodes.TenantClosed, "The tenant is closed for good.");

    public static Task<Page<TenantAnswer>> ListAsync([AsParameters] PageQuery page, Database database, CancellationToken ct, string? state = null)
    {
        if (state is not (null or TenantStates.Active or TenantStates.Suspended or TenantStates.Closed))
            throw new RequestPartException("state", "must be one of active, suspended, closed.");
        return database.InPlatformAsync(
            (db, token) => db.Tenants
                .Where(t => t.Id != TenantId.Platform)
                .Where(t => state == null
                    || (state == TenantStates.Closed && t.ClosedAt != null)
                    || (state == TenantStates.Suspended && t.ClosedAt == null && t.Suspended)
                    || (state == TenantStates.Active && t.ClosedAt == null && !t.Suspended))
                .Containing(t => t.Name + " " + t.Slug, page)
                .ToPageAsync(t => t.Id, page, Sorted, TenantRows.Answer, token),
            ct);
    }

    public static async Task<FoundAnswer<TenantAnswer>> GetAsync(TenantId tenantId, Database database, CancellationToken ct)
    {
        var row = await database.InPlatformAsync((db, token) => db.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Id == tenantId, token), ct);
        return new(row is null ? null : TenantRows.Answer(row), TenantRows.Thing);
    }

    public static async Task<WriteAnswer<TenantAnswer, Creates>> CreateAsync(
        CreateTenantRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var id = TenantId.New();
        var written = await writer.InPlatformAsync<TenantAnswer>(
            TenantId.Platform,
            call,
            async (write, token) =>
            {
                var made = await TenantRows.AddAsync(write, id, request.Name, request.Slug, AgentGroupName.Parse(request.Group), token);
                return made.Failed ? made.Failure : TenantRows.Answer(made.Value);
            },
            ct);
        return written.ToCreated(t => $"/api/v1/tenants/{t.Id}");
    }

    /// <summary>A tenant that moves to another group takes its own pools along, and leaves tombstones behind.</summary>
    public static Task<WriteAnswer<TenantAnswer, Changes>> ReplaceAsync(
        TenantId tenantId, ReplaceTenantRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct) =>
        ChangeAsync(tenantId, call, writer, "tenant.update", null, async (write, row, token) =>
        {
            var (from, to) = (row.GroupName, AgentGroupName.Parse(request.Group));
            if (await TenantRows.GroupFaultAsync(write.Db, to, token) is { } fault)
                return fault;
            if (from != to)
                await write.Db.Pools.Where(p => p.TenantId == tenantId && p.GroupName == from).ExecuteUpdateAsync(p => p.SetProperty(r => r.GroupName, to), token);
            (row.Name, row.Slug, row.GroupName) = (request.Name, request.Slug, to);
            return null;
        }, ct);

    public static Task<WriteAnswer<TenantAnswer, Changes>> SuspendAsync(
        TenantId tenantId, SuspendTenantRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct) =>
        ChangeAsync(tenantId, call, writer, "tenant.suspend", JsonSerializer.SerializeToElement(new { reason = request.Reason }), (_, row, _) =>
        {
            (row.Suspended, row.EndsStreams) = (true, request.EndsStreams);
            return Task.FromResult<Failure?>(null);
        }, ct);

    public static Task<WriteAnswer<TenantAnswer, Changes>> ResumeAsync(
        TenantId tenantId, WriteCall call, ConfigWriter writer, CancellationToken ct) =>
        ChangeAsync(tenantId, call, writer, "tenant.resume", null, (_, row, _) =>
        {
            (row.Suspended, row.EndsStreams) = (false, false);
            return Task.FromResult<Failure?>(null);
        }, ct);

    private static async Task<WriteAnswer<TenantAnswer, Changes>> ChangeAsync(
        TenantId id,
        WriteCall call,
        ConfigWriter writer,
        string action,
        JsonElement? details,
        Func<ConfigWrite, TenantRow, CancellationToken, Task<Failure?>> change,
        CancellationToken ct)
    {
        var written = await writer.InPlatformAsync<TenantAnswer>(
            id,
            call,
            async (write, token) =>
            {
                if (await TenantRows.LockAsync(write.Db, id, token) is not { } row)
                    return Failure.NotFound(TenantRows.Thing);
                if (row.ClosedAt is not null)
                    return Closed;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                var before = TenantRows.Answer(row);
                if (await change(write, row, token) is { } failure)
                    return failure;
                row.Version++;
                var after = TenantRows.Answer(row);
                write.Affects(Affected.Tenant(id));
                write.Audit(action, id.ToString(), before, after, details);
                return after;
            },
            ct);
        return written.ToChanged();
    }
}
