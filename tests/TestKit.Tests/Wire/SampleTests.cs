using System.Text;
using System.Text.Json;
using Platform.TestKit.Streams;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Tests.Wire;

/// <summary>What no schema and no client checks.</summary>
public sealed class SampleTests
{
    private static readonly RankedDocument[] Ranked = [new(1, 0.98, "Berlin"), new(0, 0.25, "München 🗼")];

    [Fact]
    public void Characters_stand_in_the_wire_as_themselves()
    {
        var text = Encoding.UTF8.GetString(OpenAiWire.Chat(AnswerSample.Greeting with { Text = ["é東🗼\\uD83D\"\n"] }));

        text.ShouldContain("\"content\":\"é東🗼\\\\uD83D\\\"\\n\"");
    }

    [Fact]
    public void Pieces_of_a_sample_make_the_whole_in_every_dialect()
    {
        var sample = AnswerSample.Greeting;

        Deltas(OpenAiWire.ChatEvents(sample).SkipLast(1), "choices", "delta", "content").ShouldBe(sample.WholeText);
        Deltas(OpenAiWire.CompletionEvents(sample).SkipLast(1), "choices", "text").ShouldBe(sample.WholeText);
        Deltas(ResponsesWire.ResponseEvents(sample).Where(e => e.Name == "response.output_text.delta"), "delta").ShouldBe(sample.WholeText);
        Deltas(AnthropicWire.MessageEvents(sample).Where(e => e.Name == "content_block_delta"), "delta", "text").ShouldBe(sample.WholeText);
    }

    [Fact]
    public void All_chunks_have_one_id_and_the_usage_chunk_comes_only_when_asked()
    {
        var without = OpenAiWire.ChatEvents(AnswerSample.Greeting).SkipLast(1).Select(e => JsonSerializer.Deserialize<JsonElement>(e.Data!)).ToList();
        var with = OpenAiWire.ChatEvents(AnswerSample.Greeting, new() { IncludeUsage = true });

        without.Select(c => c.GetProperty("id").GetString()).Distinct().ShouldHaveSingleItem();
        without.ShouldAllBe(c => !c.HasProperty("usage"));
        with.Count.ShouldBe(without.Count + 2);
        with.SkipLast(2).ShouldAllBe(e => e.Data!.Contains("\"usage\":null", StringComparison.Ordinal));
        with[^2].Data!.ShouldContain("\"choices\":[],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":12,\"total_tokens\":31,");
        with[^1].ShouldBe(OpenAiWire.Done);
    }

    [Fact]
    public void Rerankers_have_their_shapes()
    {
        Encoding.UTF8.GetString(RankingWire.CohereV2(Ranked)).ShouldBe(
            """{"id":"8fa2bc31-7de0-4c1f-9a55-1f6b8d2e3c40","results":[{"index":1,"relevance_score":0.98},{"index":0,"relevance_score":0.25}],"meta":{"api_version":{"version":"2"},"billed_units":{"search_units":1}}}""");
        Encoding.UTF8.GetString(RankingWire.CohereV1(Ranked, 3)).ShouldContain("""{"index":0,"relevance_score":0.25,"document":{"text":"München 🗼"}}],"meta":{"api_version":{"version":"1"},"billed_units":{"search_units":3}}""");
        Encoding.UTF8.GetString(RankingWire.CohereV2(Ranked, tokens: 56)).ShouldContain("\"tokens\":{\"input_tokens\":56,\"output_tokens\":0}");
        Encoding.UTF8.GetString(RankingWire.Jina(Ranked, 56)).ShouldStartWith("{\"model\":\"sample-reranker\",\"object\":\"list\",\"usage\":{\"total_tokens\":56},\"results\":[{\"index\":1,");
        Encoding.UTF8.GetString(RankingWire.Vllm(Ranked, 56)).ShouldContain("\"usage\":{\"prompt_tokens\":56,\"total_tokens\":56}");
        Encoding.UTF8.GetString(RankingWire.Scores([0.5, 1], 9)).ShouldContain("\"data\":[{\"index\":0,\"object\":\"score\",\"score\":0.5},{\"index\":1,");
        Encoding.UTF8.GetString(VllmWire.Tokenize(1, 2, 3)).ShouldBe("{\"count\":3,\"max_model_len\":8192,\"tokens\":[1,2,3],\"token_strs\":null}");
    }

    [Fact]
    public void Errors_of_vLLM_say_the_status_as_their_code()
    {
        foreach (var error in new[] { VllmWire.ContextLength(), VllmWire.ContextLengthPassed(), VllmWire.BadRequest })
            JsonSerializer.Deserialize<JsonElement>(error.Body).GetProperty("error").GetProperty("code").GetInt32().ShouldBe(error.Status);
        Encoding.UTF8.GetString(VllmWire.ContextLengthOld().Body).ShouldStartWith("{\"object\":\"error\",\"message\":\"This model's maximum context length is 2048 tokens.");
    }

    private static string Deltas(IEnumerable<SseEvent> events, params string[] path) =>
        string.Concat(events.Select(e => At(JsonSerializer.Deserialize<JsonElement>(e.Data!), path)));

    /// <summary>The string at the path, the first element of an array on the way; empty where there is none.</summary>
    private static string? At(JsonElement json, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return json.ValueKind == JsonValueKind.String ? json.GetString() : "";
        if (json.ValueKind == JsonValueKind.Array)
            return json.GetArrayLength() > 0 ? At(json[0], path) : "";
        return json.HasProperty(path[0]) ? At(json.GetProperty(path[0]), path[1..]) : "";
    }
}

file static class Elements
{
    public static bool HasProperty(this JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out _);
}
