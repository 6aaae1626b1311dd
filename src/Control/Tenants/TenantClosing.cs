using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Delivery;

namespace Platform.Control.Tenants;

/// <summary>
/// The end of a tenant, in one transaction: its keys die, agents lose its documents, what is secret or personal is
/// erased, its name and slug become pseudonyms. The ledger stays as it is; it holds ids only.
/// </summary>
internal static class TenantClosing
{
    public static async Task<WriteAnswer<TenantAnswer, Changes>> CloseAsync(
        TenantId tenantId, CloseTenantRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.InPlatformAsync<TenantAnswer>(tenantId, call, (write, token) => CloseAsync(write, tenantId, request.Slug, token), ct);
        return written.ToChanged();
    }

    private static async Task<Outcome<TenantAnswer>> CloseAsync(ConfigWrite write, TenantId id, string slug, CancellationToken ct)
    {
        if (await TenantRows.LockAsync(write.Db, id, ct) is not { } row)
            return Failure.NotFound(TenantRows.Thing);
        if (row.ClosedAt is not null)
            return TenantRows.Answer(row);
        if (write.IsStale(row.Version, out var stale))
            return stale;
        if (slug != row.Slug)
            return NotTheSlug();

        foreach (var resource in await AffectedClosure.OwnedAsync(write.Db, [id], ct))
            write.Affects(resource);
        if (await write.Db.ModelOffers.AnyAsync(o => o.OfferedTo == id, ct))
            write.Affects(Affected.Platform);

        var pseudonym = PseudonymOf(id);
        (row.Name, row.Slug, row.ClosedAt) = (pseudonym, pseudonym, write.Now);
        row.Version++;
        var answer = TenantRows.Answer(row);

        // Before the erasure, so that who closed it is under the same pseudonym as in the rest of the trail.
        write.Audit("tenant.close", id.ToString());
        if (write.Call.Caller is { TenantRole: null })
            write.AuditOf<TenantAnswer>(TenantId.Platform, "tenant.close", id.ToString(), null, null);
        await write.StoreAuditAsync(ct);
        await TenantErasure.RunAsync(write.Db, id, pseudonym, write.Now, ct);
        return answer;
    }

    /// <summary>The last twelve digits are the random ones.</summary>
    private static string PseudonymOf(TenantId id) => $"closed-{id.Value.ToString("N")[^12..]}";

    private static Failure NotTheSlug()
    {
        var faults = new Faults();
        faults.Add("slug", "Repeat the tenant's slug: closing cannot be undone.");
        return faults.ToFailure();
    }
}
