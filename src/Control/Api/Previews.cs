using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts.Api;

namespace Platform.Control.Api;

/// <summary>Documents as a dry run shows them: what is sealed or hashed in them is nobody's to read.</summary>
internal static class Previews
{
    private const string Blot = "(sealed)";

    private static readonly HashSet<string> Secret = ["hash", "wrappedKey", "ciphertext"];

    public static IReadOnlyList<ConfigPreview> Blotted(IReadOnlyList<ConfigPreview> previews) =>
        [.. previews.Select(p => p with { Document = p.Document is { } document ? Blotted(document) : null })];

    private static JsonElement Blotted(JsonElement document)
    {
        var node = JsonSerializer.SerializeToNode(document);
        Walk(node);
        return JsonSerializer.SerializeToElement(node);
    }

    private static void Walk(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
                Walk(item);
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (Secret.Contains(name))
                    members[name] = Blot;
                else
                    Walk(value);
            }
        }
    }
}
