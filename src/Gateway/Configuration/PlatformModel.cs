using System.Collections.Frozen;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;

namespace Platform.Gateway.Configuration;

/// <summary>What holds for every caller: the catalog, and the peppers in clear.</summary>
internal sealed record PlatformModel(ModelTable Catalog, FrozenDictionary<string, byte[]> Peppers)
{
    private const int PepperSize = 32;

    public static readonly PlatformModel Empty = new(ModelTable.Empty, FrozenDictionary<string, byte[]>.Empty);

    public static Reading<PlatformModel> Read(Resource resource, PlatformModel? lastGood, GroupSecrets secrets, ref bool unknownKey)
    {
        var faults = new List<string>();
        var document = DocumentReader.Deserialize(resource.Document, WireJson.Default.PlatformDocument, faults);
        if (document is null)
            return new(lastGood, faults);
        DocumentReader.CheckModels(document.Catalog, faults);
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
        return faults.Count == 0
            ? Reading<PlatformModel>.Good(new(ModelTable.Of(document.Catalog), peppers.ToFrozenDictionary(StringComparer.Ordinal)))
            : new(lastGood, faults);
    }
}
