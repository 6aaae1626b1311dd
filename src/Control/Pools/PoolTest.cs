using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;
using Platform.Hosting.Outbound;

namespace Platform.Control.Pools;

/// <summary>Tries a pool's endpoints from here, as a gateway would reach them.</summary>
internal static class PoolTest
{
    private const int MaxEndpoints = 10;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public static async Task<WriteAnswer<PoolTestAnswer, Changes>> RunAsync(
        TenantId tenantId, PoolId poolId, WriteCall call, ConfigWriter writer, EndpointCheck check, MasterKey master, PoolTestLimit limit, TimeProvider time, CancellationToken ct)
    {
        if (!call.DryRun && limit.Refusal(tenantId) is { } refusal)
            return new Written<PoolTestAnswer> { Failure = refusal }.ToChanged();

        // Each test is a test of its own, whatever key it came with.
        var read = await writer.UnheardInTenantAsync<PoolRow>(tenantId, call with { Idempotency = null }, async (write, token) =>
        {
            if (await PoolRows.Live(write.Db, tenantId).Whole().AsNoTracking().SingleOrDefaultAsync(p => p.Id == poolId, token) is not { } pool)
                return Failure.NotFound(PoolRows.Thing);
            write.Audit("pool.test", poolId.ToString());
            return pool;
        }, ct);
        var written = new Written<PoolTestAnswer> { Failure = read.Failure, Preview = read.Preview, Value = new([]) };
        if (read.Failed || read.Preview is not null)
            return written.ToChanged();

        var networks = tenantId == TenantId.Platform ? [] : await check.AllowedNetworksAsync(tenantId, ct);
        using var handler = OutboundHttp.CreateHandler(tenantId == TenantId.Platform, Deadline, () => networks);
        handler.SslOptions = PoolTls.OptionsOf(read.Value, master);
        using var http = new HttpMessageInvoker(handler);
        var probe = new EndpointProbe(http, read.Value.Engine, KeyOf(read.Value, master), Deadline, time);
        var tests = await Task.WhenAll(read.Value.Endpoints.OrderBy(e => e.Id.Value).Take(MaxEndpoints).Select(e => probe.TryAsync(e.Id, e.Url, ct)));
        return (written with { Value = new(call.Caller is { IsAnyOperator: true } ? tests : [.. tests.Select(ForTenant)]) }).ToChanged();
    }

    /// <summary>
    /// Whether a name is not there, or leads inside, is the operator's to know: told apart, and timed, names could be tried
    /// until one is found.
    /// </summary>
    private static EndpointTestAnswer ForTenant(EndpointTestAnswer test) =>
        test.Kind is EndpointTestKinds.Dns or EndpointTestKinds.RefusedAddress
            ? test with { Kind = EndpointTestKinds.Unreachable, Milliseconds = 0 }
            : test;

    private static string? KeyOf(PoolRow pool, MasterKey master) => pool.ProviderKey is { } key
        ? Encoding.UTF8.GetString(master.Open(key.Sealed, ProviderKeyRow.ContextOf(pool.TenantId, pool.Id)))
        : null;
}
