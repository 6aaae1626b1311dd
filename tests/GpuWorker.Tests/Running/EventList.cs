using System.Text.Json;

namespace Platform.GpuWorker.Tests.Running;

/// <summary>The events of a stream as they came.</summary>
/// <param name="Done">Whether <c>[DONE]</c> came.</param>
/// <param name="Cut">Whether the connection broke before the end.</param>
internal sealed record EventList(IReadOnlyList<JsonElement> Chunks, bool Done, bool Cut)
{
    public string Text => string.Concat(Chunks.Select(TextOf));

    /// <summary>Chunks with a word in them.</summary>
    public int Words => Chunks.Count(c => TextOf(c).Length > 0);

    /// <summary>Chunks that carry a usage.</summary>
    public int WithUsage => Chunks.Count(c => c.TryGetProperty("usage", out _));

    public string? FinishReason => Chunks.Where(c => c.GetProperty("choices").GetArrayLength() > 0)
        .Select(c => c.GetProperty("choices")[0].GetProperty("finish_reason").GetString()).Single(r => r is not null);

    public static async Task<EventList> ReadAsync(HttpResponseMessage response)
    {
        var chunks = new List<JsonElement>();
        var done = false;
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (line.Length == 0)
                    continue;
                line.ShouldStartWith("data: ");
                done.ShouldBeFalse("an event after [DONE]");
                if (line == "data: [DONE]")
                    done = true;
                else
                    chunks.Add(JsonElement.Parse(line[6..]));
            }
            return new(chunks, done, Cut: false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return new(chunks, done, Cut: true);
        }
    }

    private static string TextOf(JsonElement chunk)
    {
        if (chunk.GetProperty("choices").GetArrayLength() == 0)
            return "";
        var choice = chunk.GetProperty("choices")[0];
        if (choice.TryGetProperty("text", out var text))
            return text.GetString()!;
        return choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString()! : "";
    }
}
