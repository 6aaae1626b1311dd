using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;
using Platform.Control.Secrets;

namespace Platform.Control.Pools;

internal static class PoolEndpoints
{
    /// <summary>The tenant's own pools; shared ones are those of the platform's tenant.</summary>
    public static Task<Page<PoolAnswer>> ListAsync(TenantId tenantId, [AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            (db, token) => db.Pools
                .Where(p => p.TenantId == tenantId)
                .Include(p => p.Endpoints.OrderBy(e => e.Id))
                .Include(p => p.ProviderKey)
                .AsSplitQuery()
                .ToPageAsync(p => p.Id, page, Answer, token),
            ct);

    public static async Task<Results<Created<PoolAnswer>, ProblemHttpResult>> CreateAsync(
        TenantId tenantId, CreatePoolRequest request, WriteCall call, ConfigWriter writer, MasterKey master, CancellationToken ct)
    {
        var urls = new List<string>(request.Endpoints.Count);
        foreach (var (index, endpoint) in request.Endpoints.Index())
        {
            if (!EndpointAddress.TryParse(endpoint.Url, tenantId, out var url, out var fault))
                return new Failure(StatusCodes.Status422UnprocessableEntity, ProblemCodes.UrlRefused, $"endpoints[{index}].url {fault}.").ToProblem();
            urls.Add(url);
        }

        var outcome = await writer.InTenantAsync<PoolRow>(
            tenantId,
            call,
            async (write, token) =>
            {
                var tenant = await write.Db.Tenants.AsNoTracking().SingleAsync(t => t.Id == tenantId, token);
                var row = Row(tenant, request, urls, master, write.Now);
                write.Db.Pools.Add(row);
                write.Affects(Affected.Pool(tenantId, row.Id));
                write.Audit("pool.create", row.Id.ToString());
                return row;
            },
            ct);
        return outcome.Failed
            ? outcome.Failure.ToProblem()
            : TypedResults.Created($"/api/v1/tenants/{tenantId}/pools/{outcome.Value.Id}", Answer(outcome.Value));
    }

    private static PoolRow Row(TenantRow tenant, CreatePoolRequest request, List<string> urls, MasterKey master, DateTimeOffset now)
    {
        var id = PoolId.New();
        return new()
        {
            TenantId = tenant.Id,
            Id = id,
            Name = request.Name,
            Engine = request.Engine,
            GroupName = tenant.GroupName,
            CreatedAt = now,
            Endpoints = [.. urls.Select(url => new EndpointRow { TenantId = tenant.Id, PoolId = id, Id = EndpointId.New(), Url = url, CreatedAt = now })],
            ProviderKey = request.ProviderKey is { } key
                ? new()
                {
                    TenantId = tenant.Id,
                    PoolId = id,
                    Sealed = master.Seal(Encoding.UTF8.GetBytes(key), ProviderKeyRow.ContextOf(tenant.Id, id)),
                    Hint = key[^Math.Min(4, key.Length)..],
                    CreatedAt = now,
                }
                : null,
        };
    }

    private static PoolAnswer Answer(PoolRow row) => new(
        row.Id,
        row.Name,
        row.Engine,
        [.. row.Endpoints.Select(e => new EndpointAnswer(e.Id, new(e.Url)))],
        row.ProviderKey is not null,
        row.CreatedAt);
}
