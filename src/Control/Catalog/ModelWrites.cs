using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;
using static Platform.Control.Catalog.ModelEndpoints;

namespace Platform.Control.Catalog;

internal static class ModelWrites
{
    public static async Task<WriteAnswer<ModelAnswer, Creates>> CreateAsync(
        TenantId tenantId, ModelRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await WriteAsync(tenantId, call, writer, async (write, tenant, token) =>
        {
            var row = new ModelRow { TenantId = tenantId, Id = ModelId.New(), Name = ModelName.Parse(request.Name), CreatedAt = write.Now };
            if (await FillAsync(write, tenant, row, request, token) is { } failure)
                return failure;
            write.Db.Models.Add(row);
            var answer = Answer(row, tenant.Slug, request.OfferedTo);
            write.Audit("model.create", row.Id.ToString(), null, answer);
            return answer;
        }, ct);
        return written.ToCreated(m => $"/api/v1/tenants/{tenantId}/models/{m.Id}");
    }

    public static async Task<WriteAnswer<ModelAnswer, Changes>> UpdateAsync(
        TenantId tenantId, ModelId id, ModelRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await ChangeAsync(tenantId, id, call, writer, async (write, tenant, row, before, token) =>
        {
            if (await FillAsync(write, tenant, row, request, token) is { } failure)
                return failure;
            row.Version++;
            var after = Answer(row, tenant.Slug, request.OfferedTo);
            write.Audit("model.update", id.ToString(), before, after);
            return after;
        }, ct);
        return written.ToChanged();
    }

    /// <summary>From then on callers get 404 for its names; usage still names it.</summary>
    public static async Task<WriteAnswer<ModelAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, ModelId id, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await ChangeAsync(tenantId, id, call, writer, (write, _, row, before, _) =>
        {
            row.DeletedAt = write.Now;
            row.Version++;
            write.Audit("model.delete", id.ToString(), before, null);
            return Task.FromResult<Outcome<ModelAnswer>>(before);
        }, ct);
        return written.ToDeleted();
    }

    /// <summary>Puts the request into the row; what is wrong with it comes back, and nothing is saved.</summary>
    private static async Task<Failure?> FillAsync(ConfigWrite write, TenantRow tenant, ModelRow row, ModelRequest request, CancellationToken ct)
    {
        var (faults, pools) = await ModelRules.CheckAsync(write.Db, tenant, row.Id, request, ct);
        if (faults.Any)
            return faults.ToFailure();
        row.Name = ModelName.Parse(request.Name);
        (row.Aliases, row.Description, row.ContextWindow) = ([.. request.Aliases], request.Description, request.ContextWindow);
        row.Routing = request.Routing is null or { TrySeconds: null, FallBackOnContextLength: null, HedgeAfterMs: null }
            ? null
            : JsonSerializer.SerializeToElement(request.Routing, WireJson.Default.ModelRouting);
        row.OfferedToAll = request.OfferedTo is null;
        await write.Db.ModelTargets.Where(t => t.TenantId == row.TenantId && t.ModelId == row.Id).ExecuteDeleteAsync(ct);
        await OffersOf(write.Db, row).ExecuteDeleteAsync(ct);
        row.Targets.AddRange(request.Targets.Select((target, ordinal) => new ModelTargetRow
        {
            TenantId = row.TenantId,
            ModelId = row.Id,
            Ordinal = ordinal,
            PoolTenantId = pools[target.PoolId],
            PoolId = target.PoolId,
            UpstreamModel = target.UpstreamModel ?? request.Name,
            Weight = target.Weight,
            Tier = target.Tier,
        }));
        write.Db.ModelOffers.AddRange((request.OfferedTo ?? []).Distinct().Select(t => new ModelOfferRow { TenantId = row.TenantId, ModelId = row.Id, OfferedTo = t }));
        return null;
    }

    private static Task<Written<ModelAnswer>> ChangeAsync(
        TenantId tenantId,
        ModelId id,
        WriteCall call,
        ConfigWriter writer,
        Func<ConfigWrite, TenantRow, ModelRow, ModelAnswer, CancellationToken, Task<Outcome<ModelAnswer>>> change,
        CancellationToken ct) =>
        WriteAsync(tenantId, call, writer, async (write, tenant, token) =>
        {
            if (await write.Db.Models.SingleOrDefaultAsync(m => m.TenantId == tenantId && m.Id == id && m.DeletedAt == null, token) is not { } row)
                return Failure.NotFound(Thing);
            if (write.IsStale(row.Version, out var stale))
                return stale;
            var before = await write.Db.Models.AsNoTracking().Include(m => m.Targets).SingleAsync(m => m.TenantId == tenantId && m.Id == id, token);
            var offers = await OffersOf(write.Db, row).Select(o => o.OfferedTo).ToListAsync(token);
            return await change(write, tenant, row, Answer(before, tenant.Slug, offers), token);
        }, ct);

    /// <summary>The platform's models are written as the platform: whom they are offered to is in other tenants' rows.</summary>
    private static Task<Written<ModelAnswer>> WriteAsync(
        TenantId tenantId, WriteCall call, ConfigWriter writer, Func<ConfigWrite, TenantRow, CancellationToken, Task<Outcome<ModelAnswer>>> change, CancellationToken ct)
    {
        return tenantId == TenantId.Platform ? writer.InPlatformAsync<ModelAnswer>(tenantId, call, RunAsync, ct) : writer.InTenantAsync<ModelAnswer>(tenantId, call, RunAsync, ct);

        async Task<Outcome<ModelAnswer>> RunAsync(ConfigWrite write, CancellationToken token)
        {
            write.Affects(tenantId == TenantId.Platform ? Affected.Platform : Affected.Tenant(tenantId));
            return await change(write, await write.Db.Tenants.AsNoTracking().SingleAsync(t => t.Id == tenantId, token), token);
        }
    }

    private static IQueryable<ModelOfferRow> OffersOf(ControlDb db, ModelRow row) =>
        db.ModelOffers.Where(o => o.TenantId == row.TenantId && o.ModelId == row.Id);
}
