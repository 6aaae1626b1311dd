using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Delivery;

/// <summary>One resource as it is stored: a row for each group that has it or had it.</summary>
internal sealed class StoredResource(Affected resource, IReadOnlyList<ConfigResourceRow> rows)
{
    public static async Task<StoredResource> LoadAsync(ControlDb db, Affected resource, CancellationToken ct)
    {
        var (tenant, kind, key) = resource;
        return new(resource, await db.ConfigResources.Where(r => r.TenantId == tenant && r.Kind == kind && r.Key == key).ToListAsync(ct));
    }

    /// <summary>What a group's row holds, to keep what need not be sealed anew; null where it holds nothing.</summary>
    public TDocument? In<TDocument>(AgentGroupName group, JsonTypeInfo<TDocument> type)
        where TDocument : class =>
        rows.SingleOrDefault(r => r.GroupName == group)?.Document?.Deserialize(type);

    /// <summary>Brings the rows to what is wanted.</summary>
    /// <returns>How many changed.</returns>
    public int Apply(ControlDb db, long revision, IReadOnlyDictionary<AgentGroupName, JsonElement> wanted)
    {
        var changed = 0;
        foreach (var row in rows)
            if (!Same(row.Document, wanted.TryGetValue(row.GroupName, out var document) ? document : null))
            {
                row.Document = wanted.ContainsKey(row.GroupName) ? document : null;
                row.Revision = revision;
                changed++;
            }
        foreach (var (group, document) in wanted)
            if (rows.All(r => r.GroupName != group))
            {
                db.ConfigResources.Add(NewRow(group, revision, document));
                changed++;
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
