using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Catalog;

internal static class ModelEndpoints
{
    private const string CatalogOwner = "platform";

    /// <summary>The tenant's own models and the shared catalog.</summary>
    public static Task<Page<ModelAnswer>> ListAsync(TenantId tenantId, [AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            async (db, token) =>
            {
                var slug = await db.Tenants.Where(t => t.Id == tenantId).Select(t => t.Slug).SingleAsync(token);
                return await db.Models
                    .Where(m => m.TenantId == tenantId || m.TenantId == TenantId.Platform)
                    .Include(m => m.Targets.OrderBy(t => t.Ordinal))
                    .AsSplitQuery()
                    .ToPageAsync(m => m.Id, page, m => Answer(m, slug), token);
            },
            ct);

    public static async Task<Results<Created<ModelAnswer>, ProblemHttpResult>> CreateAsync(
        TenantId tenantId, CreateModelRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var slug = "";
        var outcome = await writer.InTenantAsync<ModelRow>(
            tenantId,
            call,
            async (write, token) =>
            {
                var tenant = await write.Db.Tenants.AsNoTracking().SingleAsync(t => t.Id == tenantId, token);
                slug = tenant.Slug;
                var pools = await OfferedPoolsAsync(write.Db, tenant, request, token);
                if (request.Targets.FirstOrDefault(t => !pools.ContainsKey(t.PoolId)) is { } unknown)
                    return new Failure(StatusCodes.Status422UnprocessableEntity, ProblemCodes.PoolUnknown, $"There is no pool {unknown.PoolId}.");
                var row = Row(tenantId, request, pools, write.Now);
                write.Db.Models.Add(row);
                write.Affects(tenantId == TenantId.Platform ? Affected.Platform : Affected.Tenant(tenantId));
                write.Audit("model.create", row.Id.ToString());
                return row;
            },
            ct);
        return outcome.Failed
            ? outcome.Failure.ToProblem()
            : TypedResults.Created($"/api/v1/tenants/{tenantId}/models/{outcome.Value.Id}", Answer(outcome.Value, slug));
    }

    /// <summary>Whose each of the asked pools is: the tenant's own, or a shared one that the tenant's agents hold.</summary>
    private static Task<Dictionary<PoolId, TenantId>> OfferedPoolsAsync(
        ControlDb db, TenantRow tenant, CreateModelRequest request, CancellationToken ct)
    {
        var asked = request.Targets.Select(t => t.PoolId).Distinct().ToList();
        return db.Pools
            .Where(p => asked.Contains(p.Id) && p.GroupName == tenant.GroupName)
            .Where(p => p.TenantId == tenant.Id || p.TenantId == TenantId.Platform)
            .Select(p => new { p.Id, p.TenantId })
            .ToDictionaryAsync(p => p.Id, p => p.TenantId, ct);
    }

    private static ModelRow Row(TenantId tenant, CreateModelRequest request, Dictionary<PoolId, TenantId> pools, DateTimeOffset now)
    {
        var id = ModelId.New();
        return new()
        {
            TenantId = tenant,
            Id = id,
            Name = ModelName.Parse(request.Name),
            CreatedAt = now,
            Targets = [.. request.Targets.Select((target, ordinal) => new ModelTargetRow
            {
                TenantId = tenant,
                ModelId = id,
                Ordinal = ordinal,
                PoolTenantId = pools[target.PoolId],
                PoolId = target.PoolId,
                UpstreamModel = target.UpstreamModel ?? request.Name,
                Weight = target.Weight,
            })],
        };
    }

    private static ModelAnswer Answer(ModelRow row, string slug)
    {
        var shared = row.TenantId == TenantId.Platform;
        return new(
            row.Id,
            row.Name,
            shared ? CatalogOwner : slug,
            shared,
            [.. row.Targets.OrderBy(t => t.Ordinal).Select(t => new ModelTargetAnswer(t.PoolId, t.UpstreamModel, t.Weight))],
            row.CreatedAt);
    }
}
