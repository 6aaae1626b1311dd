using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Certificates;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;
using Platform.Control.Secrets;

namespace Platform.Control.Pools;

internal static class PoolWrites
{
    private const int NamedModels = 10;

    public static async Task<WriteAnswer<PoolAnswer, Creates>> CreateAsync(
        TenantId tenantId, CreatePoolRequest request, WriteCall call, ConfigWriter writer, EndpointCheck check, MasterKey master, CancellationToken ct)
    {
        var addresses = await check.CheckAsync(tenantId, [.. request.Endpoints.Select(e => e.Url)], ct);
        var written = await writer.InTenantAsync<PoolAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                var faults = new Faults();
                var group = await GroupAsync(write.Db, tenantId, request.Group, faults, token);
                addresses.AddTo(faults, i => $"endpoints[{i}].url");
                PoolRules.Check(request.Operations, request.TrustedAuthorities, faults);
                PoolRules.CheckTls(request.TrustedAuthorities is not null, request.Endpoints.Select(e => e.Url), i => $"endpoints[{i}].url", faults);
                if (faults.Any)
                    return faults.ToFailure();
                var row = Row(tenantId, group, request, addresses, master, write.Now);
                write.Db.Pools.Add(row);
                write.Affects(Affected.Pool(tenantId, row.Id));
                var answer = PoolRows.Answer(row);
                write.Audit("pool.create", row.Id.ToString(), null, answer);
                return answer;
            },
            ct);
        return written.ToCreated(p => $"/api/v1/tenants/{tenantId}/pools/{p.Id}");
    }

    public static async Task<WriteAnswer<PoolAnswer, Changes>> UpdateAsync(
        TenantId tenantId, PoolId id, UpdatePoolRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.ChangePoolAsync<PoolAnswer>(tenantId, id, call, PoolRows.Whole, async (write, row, token) =>
        {
            var faults = new Faults();
            PoolRules.Check(request.Operations, request.TrustedAuthorities, faults);
            if (request.TrustedAuthorities is not null)
                await PoolRules.CheckTlsAsync(write.Db, row, "trustedAuthorities", faults, token);
            if (faults.Any)
                return faults.ToFailure();
            var before = PoolRows.Answer(row);
            (row.Name, row.Engine) = (request.Name, request.Engine);
            (row.Operations, row.TrustedAuthorities) = (request.Operations?.ToArray(), Authorities.Canonical(request.TrustedAuthorities));
            write.Changed(row);
            var after = PoolRows.Answer(row);
            write.Audit("pool.update", id.ToString(), before, after);
            return after;
        }, ct);
        return written.ToChanged();
    }

    /// <summary>A pool is deleted when no model targets it any more; usage still names it, its credentials are gone.</summary>
    public static async Task<WriteAnswer<PoolAnswer, Deletes>> DeleteAsync(TenantId tenantId, PoolId id, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.ChangePoolAsync<PoolAnswer>(tenantId, id, call, PoolRows.Whole, async (write, row, token) =>
        {
            if (await UsersAsync(write.Db, row, token) is { } models)
                return Failure.Conflict(ProblemCodes.InUse, $"Models target the pool: {models}.");
            var before = PoolRows.Answer(row);
            row.DeletedAt = write.Now;
            (row.ProviderKey, row.ClientCertificate) = (null, null);
            write.Changed(row);
            write.Audit("pool.delete", id.ToString(), before, null);
            return before;
        }, ct);
        return written.ToDeleted();
    }

    /// <summary>Names of the models that target the pool, with the tenant where it is another one; null where none does.</summary>
    private static async Task<string?> UsersAsync(ControlDb db, PoolRow pool, CancellationToken ct)
    {
        var models = await db.Models
            .Where(m => m.DeletedAt == null && m.Targets.Any(t => t.PoolTenantId == pool.TenantId && t.PoolId == pool.Id))
            .OrderBy(m => m.CreatedAt).ThenBy(m => m.Id)
            .Select(m => new { m.Name, IsOwn = m.TenantId == pool.TenantId, Slug = db.Tenants.Where(t => t.Id == m.TenantId).Select(t => t.Slug).First() })
            .Take(NamedModels + 1)
            .ToListAsync(ct);
        if (models.Count == 0)
            return null;
        var names = models.Take(NamedModels).Select(m => m.IsOwn ? m.Name.Value : $"{m.Slug}/{m.Name}");
        return string.Join(", ", names) + (models.Count > NamedModels ? " and more" : "");
    }

    private static async Task<AgentGroupName> GroupAsync(ControlDb db, TenantId tenant, string? asked, Faults faults, CancellationToken ct)
    {
        if (asked is not null && tenant != TenantId.Platform)
            faults.Add("group", "A tenant's pools are for the agents that serve the tenant.");
        else if (asked is not null && AgentGroupName.TryParse(asked, null, out var group) && await db.AgentGroups.AnyAsync(g => g.Name == group, ct))
            return group;
        else if (asked is not null)
            faults.Add("group", "There is no such agent group.", ProblemCodes.GroupUnknown);
        return await db.Tenants.Where(t => t.Id == tenant).Select(t => t.GroupName).SingleAsync(ct);
    }

    private static PoolRow Row(
        TenantId tenant, AgentGroupName group, CreatePoolRequest request, CheckedAddresses addresses, MasterKey master, DateTimeOffset now)
    {
        var id = PoolId.New();

        // Ids of one instant are in no order: sorted, the endpoints stay in that of the request.
        var ids = request.Endpoints.Select(_ => EndpointId.New()).OrderBy(e => e.Value);
        return new()
        {
            TenantId = tenant,
            Id = id,
            Name = request.Name,
            Engine = request.Engine,
            GroupName = group,
            CreatedAt = now,
            Operations = request.Operations?.ToArray(),
            TrustedAuthorities = Authorities.Canonical(request.TrustedAuthorities),
            Endpoints =
            [
                .. addresses.Urls.Zip(request.Endpoints, ids).Select(e => new EndpointRow
                {
                    TenantId = tenant,
                    PoolId = id,
                    Id = e.Third,
                    Url = e.First,
                    Capacity = e.Second.Capacity,
                    CreatedAt = now,
                }),
            ],
            ProviderKey = request.ProviderKey is { } key ? ProviderKeys.Row(tenant, id, key, master, now) : null,
        };
    }
}
