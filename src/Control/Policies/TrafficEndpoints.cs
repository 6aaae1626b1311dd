using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Policies;

/// <summary>How a tenant's requests are carried, which is the tenant's own to say.</summary>
internal static class TrafficEndpoints
{
    private const string Thing = "tenant";

    public static async Task<FoundAnswer<TrafficPolicyAnswer>> GetAsync(TenantId tenantId, Database database, CancellationToken ct)
    {
        var row = await database.InTenantAsync(tenantId, (db, token) => Of(db, tenantId).AsNoTracking().SingleOrDefaultAsync(token), ct);
        return new(Answer(row), Thing);
    }

    public static async Task<WriteAnswer<TrafficPolicyAnswer, Changes>> UpdateAsync(
        TenantId tenantId, TrafficPolicyRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.InTenantAsync<TrafficPolicyAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                var row = await Of(write.Db, tenantId).SingleOrDefaultAsync(token);
                if (write.IsStale(row?.Version ?? 0, out var stale))
                    return stale;
                var faults = new Faults();
                TrafficChecks.CheckOrigins(request.CorsOrigins, faults);
                return faults.Any ? faults.ToFailure() : Put(write, tenantId, row, request);
            },
            ct);
        return written.ToChanged();
    }

    private static TrafficPolicyAnswer Put(ConfigWrite write, TenantId tenant, TrafficPolicyRow? row, TrafficPolicyRequest request)
    {
        var before = Answer(row);
        if (row is null)
            write.Db.TrafficPolicies.Add(row = new() { TenantId = tenant });
        else
            row.Version++;
        row.Spec = JsonSerializer.SerializeToElement(SpecOf(request), WireJson.Default.TrafficSpec);
        row.UpdatedAt = write.Now;
        write.Affects(Affected.CarrierOf(tenant));
        var after = Answer(row);
        write.Audit("traffic-policy.update", tenant.ToString(), before, after);
        return after;
    }

    private static IQueryable<TrafficPolicyRow> Of(ControlDb db, TenantId tenant) => db.TrafficPolicies.Where(t => t.TenantId == tenant);

    private static TrafficPolicyAnswer Answer(TrafficPolicyRow? row) =>
        row is null ? new(null, null, 0) : new(PolicyDocuments.SpecOf(row), row.UpdatedAt, row.Version);

    private static TrafficSpec SpecOf(TrafficPolicyRequest request) => new()
    {
        OnDisconnect = request.OnDisconnect,
        ShowGatewayHeaders = request.ShowGatewayHeaders,
        CorsOrigins = request.CorsOrigins,
        IdempotencySeconds = request.IdempotencySeconds,
        CacheSeconds = request.CacheSeconds,
    };
}
