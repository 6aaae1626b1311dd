using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Platform.Contracts.Configuration;

namespace Platform.Gateway.Configuration;

/// <summary>What all kinds of documents have in common.</summary>
internal static class DocumentReader
{
    /// <summary>The document, or null with a fault. Members named in <c>critical</c> that this version does not know are faults.</summary>
    public static T? Deserialize<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, List<string> faults)
        where T : WireDocument
    {
        try
        {
            if (JsonSerializer.Deserialize(utf8, type) is { } document)
            {
                faults.AddRange(UnknownCritical(document.Critical, type));
                return document;
            }
            faults.Add("The document is null.");
        }
        catch (JsonException e)
        {
            faults.Add($"The document cannot be read at {e.Path ?? "its root"}.");
        }
        return null;
    }

    public static IEnumerable<string> UnknownCritical<T>(IReadOnlyList<string>? critical, JsonTypeInfo<T> type) =>
        (critical ?? []).Where(name => !type.Properties.Any(p => p.Name == name))
            .Select(name => $"The critical member '{name}' is not known.");

    /// <summary>Faults of a list of models, each naming the model.</summary>
    public static void CheckModels(IReadOnlyList<ModelEntry>? models, List<string> faults)
    {
        if (models is null)
        {
            faults.Add("The list of models is null.");
            return;
        }
        foreach (var model in models)
        {
            if (model is null || model.Name.Value.Length == 0)
                faults.Add("A model has no name.");
            else if (model.OwnedBy is null || model.Targets is not { Count: > 0 })
                faults.Add($"Model '{model.Name}' has no owner or no target.");
            else if (model.Targets.Any(t => t is null || string.IsNullOrEmpty(t.UpstreamModel) || t.Weight < 1 || t.Tier < 0))
                faults.Add($"A target of model '{model.Name}' has no upstream model, a weight below 1 or a negative tier.");
            else if (model.ContextWindow < 1 || model.Routing is { TrySeconds: < 0 } or { HedgeAfterMs: < 0 })
                faults.Add($"Model '{model.Name}' has a context window below 1, or a negative time.");
        }
        if (models.Count == 0)
            return;
        foreach (var twice in models.Where(m => m is not null).GroupBy(m => m.Name).Where(g => g.Count() > 1))
            faults.Add($"Model '{twice.Key}' is listed more than once.");
        foreach (var twice in models.SelectMany(m => m?.Aliases ?? []).GroupBy(a => a).Where(g => g.Count() > 1))
            faults.Add($"Alias '{twice.Key}' is listed more than once.");
    }
}
