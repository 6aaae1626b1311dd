using System.Security.Cryptography;
using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Hosting.Outbound;

namespace Platform.Gateway.Configuration;

/// <summary>The keys of one shard.</summary>
internal sealed record KeyShardModel(IReadOnlyList<ApiKeyEntry> Keys)
{
    /// <summary>
    /// Revocation is absence, and takes effect whatever else is wrong: of a shard with faults only entries stay that it
    /// still lists and that can be read. Where the whole shard is refused these are the old entries, as strict as they are
    /// listed, and no new ones. An entry with an IP range that cannot be read is not in force.
    /// </summary>
    public static Reading<KeyShardModel> Read(Resource resource, KeyShardModel? lastGood)
    {
        var faults = new List<string>();
        var document = DocumentReader.Deserialize(resource.Document, WireJson.Default.KeyShardDocument, faults);
        if (document?.Keys is not null && faults.Count == 0)
            CheckShard(resource, document, faults);
        if (document?.Keys is not null && faults.Count == 0 && document.Keys.All(IsGood) && AreDistinct(document.Keys))
            return Reading<KeyShardModel>.Good(new(document.Keys));

        var shardRefused = document is not null && faults.Count > 0;
        var listed = ReadEntries(resource.Document, faults, ref shardRefused);
        if (listed is null)
            return new(lastGood, faults);
        var kept = shardRefused
            ? Restrict(lastGood?.Keys ?? [], listed)
            : listed;
        return new(new(kept), faults, ToDocument(resource.TenantId, kept));
    }

    private static List<ApiKeyEntry> Restrict(IReadOnlyList<ApiKeyEntry> old, IReadOnlyList<ApiKeyEntry> listed) =>
    [
        .. from mine in old
           join asked in listed on (mine.Id, mine.Prefix) equals (asked.Id, asked.Prefix)
           select mine with
           {
               ExpiresAt = IsolationModel.Least(mine.ExpiresAt, asked.ExpiresAt),
               AllowedModels = IsolationModel.Both(mine.AllowedModels, asked.AllowedModels),
               IpRanges = IsolationModel.BothRanges(mine.IpRanges, asked.IpRanges),
           },
    ];

    /// <summary>The entries that can be read one by one, or null where there is no list of them.</summary>
    private static List<ApiKeyEntry>? ReadEntries(ReadOnlyMemory<byte> utf8, List<string> faults, ref bool shardRefused)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            {
                faults.Add("The shard has no list of keys.");
                return null;
            }
            shardRefused |= document.RootElement.TryGetProperty("critical", out var critical) && critical.ValueKind != JsonValueKind.Null
                && (critical.ValueKind != JsonValueKind.Array || critical.EnumerateArray().Any(c => !IsKnown(c)));
            var entries = new Dictionary<ApiKeyPrefix, ApiKeyEntry>();
            foreach (var (index, element) in keys.EnumerateArray().Index())
            {
                if (ReadEntry(element) is not { } entry || !entries.TryAdd(entry.Prefix, entry))
                    faults.Add($"Key entry {index} cannot be read, or stands twice, and is not in force.");
            }
            return [.. entries.Values];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsKnown(JsonElement name) => name.ValueKind == JsonValueKind.String
        && WireJson.Default.KeyShardDocument.Properties.Any(p => name.ValueEquals(p.Name));

    private static ApiKeyEntry? ReadEntry(JsonElement element)
    {
        try
        {
            return element.Deserialize(WireJson.Default.ApiKeyEntry) is { } entry && IsGood(entry) ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void CheckShard(Resource resource, KeyShardDocument document, List<string> faults)
    {
        if (document.TenantId != resource.TenantId || !resource.Key.StartsWith($"{document.TenantId}/", StringComparison.Ordinal))
            faults.Add("The shard's tenant is not the resource's.");
        if (document.Keys.Count > KeyShardDocument.MaxEntries)
            faults.Add($"The shard has more than {KeyShardDocument.MaxEntries} entries.");
    }

    private static bool IsGood(ApiKeyEntry? entry) => entry is { PepperId: not null, Hash.Length: HMACSHA256.HashSizeInBytes }
        && entry.Prefix.Value.Length == ApiKeyFormat.PrefixLength && (entry.IpRanges is null || entry.IpRanges.All(r => IpRange.TryParse(r, out _)));

    private static bool AreDistinct(IReadOnlyList<ApiKeyEntry> keys) => keys.Select(k => k.Prefix).ToHashSet().Count == keys.Count;

    private static byte[] ToDocument(TenantId tenant, IReadOnlyList<ApiKeyEntry> keys) => JsonSerializer.SerializeToUtf8Bytes(
        new KeyShardDocument { TenantId = tenant, Keys = keys }, WireJson.Default.KeyShardDocument);
}
