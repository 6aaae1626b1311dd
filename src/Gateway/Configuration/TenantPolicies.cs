using Platform.Contracts.Configuration;

namespace Platform.Gateway.Configuration;

/// <summary>What a tenant's document says beyond its models, without faults. Tenants of which nothing is said share one.</summary>
/// <param name="CacheSalt">In clear; null for none.</param>
/// <param name="SealedCacheSalt">As it is kept on disk.</param>
internal sealed record TenantPolicies(
    IReadOnlyList<QuotaEntry> Quotas,
    IReadOnlyList<BudgetEntry> Budgets,
    IReadOnlyList<GuardrailPolicyEntry> Guardrails,
    IReadOnlyList<PriceEntry> Prices,
    byte[]? CacheSalt,
    SealedSecret? SealedCacheSalt)
{
    public static readonly TenantPolicies None = new([], [], [], [], null, null);

    public IReadOnlyList<QuotaEntry> Quotas
    {
        get;
        init => (field, QuotaTable) = (value, QuotaTable.Of(value));
    } = Quotas;

    /// <summary>The same quotas by what they are for.</summary>
    public QuotaTable QuotaTable { get; private init; } = QuotaTable.Of(Quotas);

    public static TenantPolicies Of(TenantDocument document, byte[]? cacheSalt) =>
        document is { Quotas.Count: 0, Budgets.Count: 0, Guardrails.Count: 0, Prices.Count: 0, CacheSalt: null }
            ? None
            : new(document.Quotas, document.Budgets, document.Guardrails, document.Prices, cacheSalt, document.CacheSalt);
}
