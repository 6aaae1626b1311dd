using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;

namespace Platform.Control.Delivery;

/// <summary>
/// Compiles every resource anew: at a bootstrap, when the authority's keys or a group's key changed, or when a release
/// writes documents differently. In portions, so that other writes get their turn; what comes out the same is not stamped.
/// </summary>
internal sealed class ConfigRebuild(Database database, ConfigWriter writer)
{
    private const int TenantsAtOnce = 100;

    /// <param name="actor">For the audit trail.</param>
    /// <exception cref="InvalidOperationException">A group has no key yet.</exception>
    public async Task RunAsync(string actor, CancellationToken ct)
    {
        await WriteAsync(actor, "platform", (_, _) => Task.FromResult<IEnumerable<Affected>>([Affected.Platform]), ct);
        var last = Guid.Empty;
        while (await NextAsync(last, ct) is [.., var newest] tenants)
        {
            await WriteAsync(actor, $"{tenants.Count} tenants up to {newest}", (write, token) => AffectedClosure.OwnedAsync(write.Db, tenants, token), ct);
            last = newest.Value;
        }
    }

    private Task<List<TenantId>> NextAsync(Guid last, CancellationToken ct) =>
        database.InPlatformAsync(
            async (db, token) =>
            {
                var ids = await db.Database
                    .SqlQuery<Guid>($"SELECT id AS \"Value\" FROM tenants WHERE id > {last} ORDER BY id LIMIT {TenantsAtOnce}")
                    .ToListAsync(token);
                return ids.ConvertAll(TenantId.From);
            },
            ct);

    private async Task WriteAsync(
        string actor, string target, Func<ConfigWrite, CancellationToken, Task<IEnumerable<Affected>>> affected, CancellationToken ct) =>
        await writer.InPlatformAsync<bool>(
            TenantId.Platform,
            new(Actor.System(actor)),
            async (write, token) =>
            {
                write.AffectedResources.UnionWith(await affected(write, token));
                write.Audit("config.rebuild", target);
                return true;
            },
            ct);
}
