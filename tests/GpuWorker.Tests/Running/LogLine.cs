using System.Text.Json;

namespace Platform.GpuWorker.Tests.Running;

/// <summary>A line of the request log.</summary>
internal sealed record LogLine(
    string? Id, DateTimeOffset At, string? Model, int PromptTokens, int CachedTokens, int CompletionTokens, bool Stream, string Outcome, int? Status)
{
    public static LogLine Parse(string line) =>
        JsonSerializer.Deserialize<LogLine>(line, JsonSerializerOptions.Web) ?? throw new JsonException("empty line");
}
