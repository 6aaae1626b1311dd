using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Delivery;

/// <summary>One resource as it is stored: a row for each group that has it or had it.</summary>
internal sealed class StoredResource(Affected resource, IReadOnlyList<ConfigResourceRow> rows)
{
    /// <summary>In the order asked for, by one query.</summary>
    public static async Task<IReadOnlyList<StoredResource>> LoadAsync(ControlDb db, IReadOnlyCollection<Affected> resources, CancellationToken ct)
    {
        var (tenants, keys) = (resources.Select(r => r.TenantId).Distinct().ToList(), resources.Select(r => r.Key).ToList());
        var found = await db.ConfigResources.Where(r => tenants.Contains(r.TenantId) && keys.Contains(r.Key)).ToListAsync(ct);
        var rows = found.ToLookup(r => new Affected(r.TenantId, r.Kind, r.Key));
        return [.. resources.Select(r => new StoredResource(r, [.. rows[r]]))];
    }

    /// <summary>What a group's row holds, to keep what need not be sealed anew; null where it holds nothing.</summary>
    public TDocument? In<TDocument>(AgentGroupName group, JsonTypeInfo<TDocument> type)
        where TDocument : class =>
        rows.SingleOrDefault(r => r.GroupName == group)?.Document?.Deserialize(type);

    /// <summary>Brings the rows to what is wanted.</summary>
    /// <returns>What changed.</returns>
    public IEnumerable<ConfigPreview> Apply(ControlDb db, long revision, IReadOnlyDictionary<AgentGroupName, JsonElement> wanted)
    {
        var changed = new List<ConfigPreview>();
        foreach (var row in rows)
        {
            JsonElement? document = wanted.TryGetValue(row.GroupName, out var found) ? found : null;
            if (Same(row.Document, document))
                continue;
            row.Document = document;
            row.Revision = revision;
            changed.Add(new(row.GroupName, resource.Kind, resource.Key, document));
        }
        foreach (var (group, document) in wanted.Where(w => rows.All(r => r.GroupName != w.Key)))
        {
            db.ConfigResources.Add(NewRow(group, revision, document));
            changed.Add(new(group, resource.Kind, resource.Key, document));
        }
        return changed;
    }

    private ConfigResourceRow NewRow(AgentGroupName group, long revision, JsonElement document) => new()
    {
        TenantId = resource.TenantId,
        GroupName = group,
        Kind = resource.Kind,
        Key = resource.Key,
        Revision = revision,
        Document = document,
    };

    /// <summary>As jsonb compares: the order of members does not count.</summary>
    private static bool Same(JsonElement? a, JsonElement? b) =>
        a is { } left && b is { } right ? JsonElement.DeepEquals(left, right) : a is null && b is null;
}
