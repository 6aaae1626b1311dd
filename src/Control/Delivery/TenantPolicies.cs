using Platform.Contracts.Configuration;
using Platform.Contracts.Json;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Delivery;

/// <summary>What a tenant's document says of limits, policies and prices, its cache salt sealed for its group.</summary>
internal sealed class TenantPolicies(MasterKey master, GroupKeyRing keys)
{
    /// <param name="document">The rest of the document.</param>
    /// <param name="stored">What agents have, to keep the salt's sealing.</param>
    public async Task<TenantDocument> AddAsync(
        ControlDb db, TenantDocument document, TenantRow tenant, StoredResource stored, DateTimeOffset now, CancellationToken ct)
    {
        var isolation = await PolicyDocuments.IsolationAsync(db, tenant.Id, ct);
        return document with
        {
            Quotas = await LimitDocuments.QuotasAsync(db, tenant.Id, ct),
            Budgets = await LimitDocuments.BudgetsAsync(db, tenant.Id, ct),
            Guardrails = await PolicyDocuments.GuardrailsAsync(db, tenant.Id, ct),
            Isolation = EffectiveIsolation.Of(isolation),
            Traffic = await PolicyDocuments.TrafficAsync(db, tenant.Id, ct),
            CacheSalt = await SaltAsync(db, isolation.SingleOrDefault(i => i.IsOperators)?.CacheSalt, tenant, stored, ct),
            Prices = await LimitDocuments.PricesAsync(db, tenant.Id, now, ct),
        };
    }

    private async Task<SealedSecret?> SaltAsync(ControlDb db, byte[]? salt, TenantRow tenant, StoredResource stored, CancellationToken ct)
    {
        if (salt is null)
            return null;
        var (id, group) = (tenant.Id, tenant.GroupName);
        var sealer = new GroupSealer(await keys.CurrentAsync(db, group, ct), group);
        var before = stored.In(group, WireJson.Default.TenantDocument)?.CacheSalt;
        return sealer.Seal(master.Open(salt, IsolationPolicyRow.SaltContextOf(id)), id, SealedSecret.CacheSaltKind, id.ToString(), before);
    }
}
