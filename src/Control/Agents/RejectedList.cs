using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Platform.Contracts.Messages;

namespace Platform.Control.Agents;

/// <summary>What an agent refused, as it is stored: a bounded part of what it said.</summary>
internal static class RejectedList
{
    private const int MaxResources = 50;
    private const int MaxFaults = 10;
    private const int MaxText = 300;

    public static JsonTypeInfo<List<RejectedResource>> Json => RejectedJson.Default.ListRejectedResource;

    public static List<RejectedResource> Bounded(IReadOnlyList<RejectedResource> rejected) =>
    [
        .. rejected.Take(MaxResources).Select(r => new RejectedResource(
            Text(r.Kind), Text(r.Key), r.Revision, [.. (r.Faults ?? []).Take(MaxFaults).Select(Text)])),
    ];

    public static IReadOnlyList<RejectedResource> Read(JsonElement? stored) => stored?.Deserialize(Json) ?? [];

    /// <summary>PostgreSQL's jsonb holds no NUL.</summary>
    private static string Text(string? text)
    {
        var clean = (text ?? "").Replace('\0', ' ');
        return clean.Length <= MaxText ? clean : clean[..MaxText];
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(List<RejectedResource>))]
internal sealed partial class RejectedJson : JsonSerializerContext;
