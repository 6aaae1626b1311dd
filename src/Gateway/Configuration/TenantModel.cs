using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;

namespace Platform.Gateway.Configuration;

internal sealed record TenantModel(TenantId Id, string Slug, bool Suspended, ModelTable Models)
{
    /// <summary>Requests that run end too when the tenant is suspended or goes.</summary>
    public bool EndsStreams { get; init; }

    public IsolationModel Isolation { get; init; } = IsolationModel.None;

    public TenantPolicies Policies { get; init; } = TenantPolicies.None;

    /// <summary>How its requests are carried, where the tenant said so.</summary>
    public TrafficSpec Traffic { get; init; } = TrafficChecks.Silent;

    /// <summary>The document's, or where it has faults, the last good one with what the document takes away from it.</summary>
    public static Reading<TenantModel> Read(Resource resource, TenantModel? lastGood, GroupSecrets secrets, ref bool unknownKey)
    {
        var faults = new List<string>();
        var document = DocumentReader.Deserialize(resource.Document, WireJson.Default.TenantDocument, faults);
        if (document is not null)
        {
            if (document.Id.ToString() != resource.Key || document.Id != resource.TenantId)
                faults.Add("The tenant's id is not the resource's.");
            if (string.IsNullOrEmpty(document.Slug))
                faults.Add("The tenant has no slug.");
            DocumentReader.CheckModels(document.Models, faults);
            LimitChecks.CheckQuotas(document.Quotas, faults);
            LimitChecks.CheckBudgets(document.Budgets, faults);
            LimitChecks.CheckPrices(document.Prices, faults);
            GuardrailChecks.Check(document.Guardrails, faults);
            IsolationChecks.Check(document.Isolation, faults);
            TrafficChecks.Check(document.Traffic, faults);
            var salt = ReadSalt(document, secrets, faults, ref unknownKey);
            if (faults.Count == 0)
                return Reading<TenantModel>.Good(Of(document, salt));
        }
        if (lastGood is null || TenantStrictness.Apply(lastGood, resource.Document) is not { } stricter)
            return new(lastGood, faults);
        return new(stricter, faults, stricter.ToDocument());
    }

    private static TenantModel Of(TenantDocument document, byte[]? salt) =>
        new(document.Id, document.Slug, document.Suspended, ModelTable.Of(document.Models))
        {
            EndsStreams = document.EndsStreams,
            Isolation = IsolationModel.Of(document.Isolation),
            Policies = TenantPolicies.Of(document, salt),
            Traffic = document.Traffic ?? TrafficChecks.Silent,
        };

    private static byte[]? ReadSalt(TenantDocument document, GroupSecrets secrets, List<string> faults, ref bool unknownKey)
    {
        if (document.CacheSalt is null)
            return null;
        var salt = secrets.Open(document.CacheSalt, document.Id, SealedSecret.CacheSaltKind, document.Id.ToString(), faults, ref unknownKey);
        if (salt is { Length: 0 })
            faults.Add("The cache salt is empty.");
        return salt;
    }

    private byte[] ToDocument()
    {
        var document = new TenantDocument
        {
            Id = Id,
            Slug = Slug,
            Suspended = Suspended,
            EndsStreams = EndsStreams,
            Models = Models.All,
            Quotas = Policies.Quotas,
            Budgets = Policies.Budgets,
            Guardrails = Policies.Guardrails,
            Isolation = Isolation.Spec,
            Traffic = Traffic == TrafficChecks.Silent ? null : Traffic,
            CacheSalt = Policies.SealedCacheSalt,
            Prices = Policies.Prices,
        };
        return JsonSerializer.SerializeToUtf8Bytes(document, WireJson.Default.TenantDocument);
    }
}
