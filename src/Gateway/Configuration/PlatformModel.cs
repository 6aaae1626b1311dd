using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Hosting.Outbound;

namespace Platform.Gateway.Configuration;

/// <summary>What holds for every caller: the catalog, the peppers in clear, base prices and the floor of guardrails.</summary>
/// <param name="AllowedNetworks">Where tenants' own endpoints may be besides public addresses; the same list while it says the same.</param>
/// <param name="Document">As it is kept on disk.</param>
internal sealed record PlatformModel(
    ModelTable Catalog, FrozenDictionary<string, byte[]> Peppers, IReadOnlyList<IPNetwork> AllowedNetworks, PlatformDocument Document)
{
    private const int PepperSize = 32;

    public static readonly PlatformModel Empty = new(ModelTable.Empty, FrozenDictionary<string, byte[]>.Empty, [], new());

    public IReadOnlyList<PriceEntry> Prices => Document.Prices;

    public IReadOnlyList<GuardrailPolicyEntry> Guardrails => Document.Guardrails;

    /// <summary>A network that is no longer allowed is not, whatever else is wrong with the document.</summary>
    public static Reading<PlatformModel> Read(Resource resource, PlatformModel? lastGood, GroupSecrets secrets, ref bool unknownKey)
    {
        var faults = new List<string>();
        var document = DocumentReader.Deserialize(resource.Document, WireJson.Default.PlatformDocument, faults);
        if (document is null)
            return new(lastGood, faults);
        DocumentReader.CheckModels(document.Catalog, faults);
        LimitChecks.CheckPrices(document.Prices, faults);
        GuardrailChecks.Check(document.Guardrails, faults);
        IsolationChecks.CheckNetworks(document.AllowedNetworks ?? [], "allowed network", faults);
        var peppers = ReadPeppers(document, secrets, faults, ref unknownKey);
        var networks = IsolationModel.NetworksOf(document.AllowedNetworks ?? [])!;
        if (faults.Count == 0)
        {
            return Reading<PlatformModel>.Good(new(
                ModelTable.Of(document.Catalog), peppers.ToFrozenDictionary(StringComparer.Ordinal), Kept(lastGood, networks), document));
        }
        return lastGood is null ? new(null, faults) : lastGood.Without(networks, faults);
    }

    private static Dictionary<string, byte[]> ReadPeppers(PlatformDocument document, GroupSecrets secrets, List<string> faults, ref bool unknownKey)
    {
        var peppers = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in document.Peppers ?? [])
        {
            if (string.IsNullOrEmpty(entry?.Id))
                faults.Add("A pepper has no id.");
            else if (secrets.Open(entry.Secret, TenantId.Platform, SealedSecret.PepperKind, entry.Id, faults, ref unknownKey) is not { } clear)
                continue;
            else if (clear.Length != PepperSize || !peppers.TryAdd(entry.Id, clear))
                faults.Add($"Pepper '{entry.Id}' has not {PepperSize} bytes, or is listed more than once.");
        }
        return peppers;
    }

    private static IReadOnlyList<IPNetwork> Kept(PlatformModel? lastGood, IReadOnlyList<IPNetwork> networks) =>
        lastGood is not null && lastGood.AllowedNetworks.SequenceEqual(networks) ? lastGood.AllowedNetworks : networks;

    /// <summary>This one, less the networks that a document with faults does not allow any more.</summary>
    private Reading<PlatformModel> Without(IReadOnlyList<IPNetwork> asked, List<string> faults)
    {
        var networks = Kept(this, IpRange.Intersect(AllowedNetworks, asked));
        if (networks == AllowedNetworks)
            return new(this, faults);
        var document = Document with { AllowedNetworks = [.. networks.Select(n => n.ToString())] };
        return new(
            this with { AllowedNetworks = networks, Document = document }, faults,
            JsonSerializer.SerializeToUtf8Bytes(document, WireJson.Default.PlatformDocument));
    }
}
