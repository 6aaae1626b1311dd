using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Local.Stack;

namespace Platform.E2E;

/// <summary>What a simulated worker says it did: the truth that the ledger is held against.</summary>
internal sealed record WorkerEntry(
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("outcome")] string Outcome,
    [property: JsonPropertyName("promptTokens")] long PromptTokens,
    [property: JsonPropertyName("cachedTokens")] long CachedTokens,
    [property: JsonPropertyName("completionTokens")] long CompletionTokens);

internal static class WorkerLogs
{
    /// <summary>Every line of every worker, by request id.</summary>
    public static ILookup<Guid, WorkerEntry> Read(LocalPlatform platform) => ServiceNames.Workers
        .Select(platform.Specs.WorkerLog)
        .Where(File.Exists)
        .SelectMany(ReadLines)
        .Where(e => Guid.TryParse(e.Id, out _))
        .ToLookup(e => Guid.Parse(e.Id!));

    private static List<WorkerEntry> ReadLines(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var entries = new List<WorkerEntry>();
        // The last line may be half written; it ends with a line feed once it counts.
        foreach (var line in reader.ReadToEnd().Split('\n')[..^1])
            entries.Add(JsonSerializer.Deserialize<WorkerEntry>(line)!);
        return entries;
    }
}
