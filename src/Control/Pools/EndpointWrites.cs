using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Certificates;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Pools;

/// <summary>Changes of a pool's endpoints; each is a change of the pool.</summary>
internal static class EndpointWrites
{
    public static async Task<WriteAnswer<EndpointAnswer, Creates>> CreateAsync(
        TenantId tenantId, PoolId poolId, AddEndpointRequest request, WriteCall call, ConfigWriter writer, EndpointCheck check, MasterKey master, CancellationToken ct)
    {
        var addresses = await check.CheckAsync(tenantId, [request.Url], ct);
        var written = await writer.ChangePoolAsync<EndpointAnswer>(tenantId, poolId, call, PoolRows.WithCredentials, async (write, pool, token) =>
        {
            var faults = new Faults();
            addresses.AddTo(faults, _ => "url");
            await ProviderKeys.CheckAddressAsync(write.Db, pool, addresses, request.ProviderKey, faults, token);
            var certificate = await ClientCertificates.CheckAddressAsync(write, pool, addresses, request.ClientCertificate, faults, token);
            PoolRules.CheckTls(HasTls(pool, certificate), [request.Url], _ => "url", faults);
            if (await EndpointReads.Live(write.Db, tenantId, poolId).CountAsync(token) >= CreatePoolRequest.MaxEndpoints)
                faults.Add("url", $"A pool has at most {CreatePoolRequest.MaxEndpoints} endpoints.");
            if (faults.Any)
                return faults.ToFailure();
            var row = new EndpointRow
            {
                TenantId = tenantId,
                PoolId = poolId,
                Id = EndpointId.New(),
                Url = addresses.Urls.Single(),
                Capacity = request.Capacity,
                CreatedAt = write.Now,
            };
            write.Db.Endpoints.Add(row);
            var answer = Changed(write, "endpoint.create", pool, row, null);
            ProviderKeys.Renew(write, pool, request.ProviderKey, master);
            ClientCertificates.Renew(write, pool, certificate, master);
            return answer;
        }, ct);
        return written.ToCreated(e => $"/api/v1/tenants/{tenantId}/pools/{poolId}/endpoints/{e.Id}");
    }

    public static async Task<WriteAnswer<EndpointAnswer, Changes>> UpdateAsync(
        TenantId tenantId, PoolId poolId, EndpointId id, UpdateEndpointRequest request, WriteCall call, ConfigWriter writer, EndpointCheck check, MasterKey master, CancellationToken ct)
    {
        var addresses = await check.CheckAsync(tenantId, [request.Url], ct);
        var written = await ChangeAsync(tenantId, poolId, id, call, writer, async (write, pool, row, token) =>
        {
            var faults = new Faults();
            addresses.AddTo(faults, _ => "url");
            await ProviderKeys.CheckAddressAsync(write.Db, pool, addresses, request.ProviderKey, faults, token);
            var certificate = await ClientCertificates.CheckAddressAsync(write, pool, addresses, request.ClientCertificate, faults, token);
            PoolRules.CheckTls(HasTls(pool, certificate), [request.Url], _ => "url", faults);
            if (faults.Any)
                return faults.ToFailure();
            var before = PoolRows.Answer(row, pool.Version);
            (row.Url, row.Capacity) = (addresses.Urls.Single(), request.Capacity);
            var answer = Changed(write, "endpoint.update", pool, row, before);
            ProviderKeys.Renew(write, pool, request.ProviderKey, master);
            ClientCertificates.Renew(write, pool, certificate, master);
            return answer;
        }, ct);
        return written.ToChanged();
    }

    /// <summary>It takes no new requests and finishes those that it has.</summary>
    public static async Task<WriteAnswer<EndpointAnswer, Changes>> DrainAsync(
        TenantId tenantId, PoolId poolId, EndpointId id, WriteCall call, ConfigWriter writer, CancellationToken ct) =>
        (await SetDrainingAsync(tenantId, poolId, id, call, writer, true, ct)).ToChanged();

    public static async Task<WriteAnswer<EndpointAnswer, Changes>> UndrainAsync(
        TenantId tenantId, PoolId poolId, EndpointId id, WriteCall call, ConfigWriter writer, CancellationToken ct) =>
        (await SetDrainingAsync(tenantId, poolId, id, call, writer, false, ct)).ToChanged();

    public static async Task<WriteAnswer<EndpointAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, PoolId poolId, EndpointId id, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await ChangeAsync(tenantId, poolId, id, call, writer, (write, pool, row, _) =>
        {
            var before = PoolRows.Answer(row, pool.Version);
            row.RemovedAt = write.Now;
            write.Changed(pool);
            write.Audit("endpoint.delete", id.ToString(), before, null);
            return Task.FromResult<Outcome<EndpointAnswer>>(before);
        }, ct);
        return written.ToDeleted();
    }

    /// <summary>An endpoint that is as it should be stays as it is.</summary>
    private static Task<Written<EndpointAnswer>> SetDrainingAsync(
        TenantId tenant, PoolId poolId, EndpointId id, WriteCall call, ConfigWriter writer, bool draining, CancellationToken ct) =>
        ChangeAsync(tenant, poolId, id, call, writer, (write, pool, row, _) =>
        {
            var answer = PoolRows.Answer(row, pool.Version);
            if ((row.DrainingSince is not null) != draining)
            {
                row.DrainingSince = draining ? write.Now : null;
                answer = Changed(write, draining ? "endpoint.drain" : "endpoint.undrain", pool, row, answer);
            }
            return Task.FromResult<Outcome<EndpointAnswer>>(answer);
        }, ct);

    private static Task<Written<EndpointAnswer>> ChangeAsync(
        TenantId tenant,
        PoolId poolId,
        EndpointId id,
        WriteCall call,
        ConfigWriter writer,
        Func<ConfigWrite, PoolRow, EndpointRow, CancellationToken, Task<Outcome<EndpointAnswer>>> change,
        CancellationToken ct) =>
        writer.ChangePoolAsync<EndpointAnswer>(tenant, poolId, call, PoolRows.WithCredentials, async (write, pool, token) =>
            await EndpointReads.Live(write.Db, tenant, poolId).SingleOrDefaultAsync(e => e.Id == id, token) is { } row
                ? await change(write, pool, row, token)
                : Failure.NotFound(EndpointReads.Thing), ct);

    private static bool HasTls(PoolRow pool, ClientCertificate? anew) =>
        pool.TrustedAuthorities is not null || pool.ClientCertificate is not null || anew is not null;

    private static EndpointAnswer Changed(ConfigWrite write, string action, PoolRow pool, EndpointRow row, EndpointAnswer? before)
    {
        write.Changed(pool);
        var after = PoolRows.Answer(row, pool.Version);
        write.Audit(action, row.Id.ToString(), before, after);
        return after;
    }
}
