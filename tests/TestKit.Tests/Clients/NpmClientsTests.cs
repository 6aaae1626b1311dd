using System.Text.Json;
using Platform.TestKit.Clients;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Tests.Clients;

/// <summary>The official npm clients read the samples: the same scenarios that a gateway has to pass.</summary>
public sealed class NpmClientsTests
{
    private static readonly AnswerSample Sample = AnswerSample.Thinking with { Text = AnswerSample.Greeting.Text };
    private static readonly AnswerSample Structured = AnswerSample.Greeting with { Text = ["{\"city\":", "\"München\"}"] };

    [Fact]
    public async Task OpenAI()
    {
        Assert.SkipUnless(NpmClients.IsAvailable, NpmClients.Missing);
        await using var upstream = ScriptedUpstream.Start(new ScriptTable()
            .Model("missing", Script.Error(OpenAiErrors.ModelNotFound("missing")))
            .Model("slow", Script.Stream().Write(OpenAiWire.ChatEvents(Sample)[0]).Write(OpenAiWire.ChatEvents(Sample)[4]).StallForever())
            .Model("shaky", Script.Error(OpenAiErrors.RateLimited, RetryAfter.Milliseconds(20)), Script.Error(OpenAiErrors.Overloaded, RetryAfter.Milliseconds(20)), Script.Json(OpenAiWire.Chat(Sample)))
            .Path("/v1/models", Script.Json(OpenAiWire.Models("a", "b")))
            .When(r => r.Path == "/v1/embeddings", Script.Json(OpenAiWire.Embeddings(2, 4, 9, base64: true)))
            .When(r => r.Path == "/v1/responses" && Has(r, "stream"), Script.Events(ResponsesWire.ResponseEvents(Sample)))
            .When(r => r.Path == "/v1/responses", Script.Json(ResponsesWire.Response(Sample)))
            .When(r => Has(r, "tools"), Script.Events(OpenAiWire.ChatEvents(AnswerSample.ToolCalls)))
            .When(r => Has(r, "response_format"), Script.Json(OpenAiWire.Chat(Structured)))
            .When(r => Has(r, "stream_options"), Script.Events(OpenAiWire.ChatEvents(Sample, new() { IncludeUsage = true, Obfuscation = true })))
            .When(r => Has(r, "stream"), Script.Events(OpenAiWire.ChatEvents(Sample)))
            .Otherwise(Script.Json(OpenAiWire.Chat(Sample))).Choose);

        var results = await NpmClients.RunAsync(upstream.Url, "sk-test", "openai");

        results.Values.ShouldAllBe(r => r.GetProperty("ok").GetBoolean());
        results.Count.ShouldBe(13);
        foreach (var scenario in new[] { "plain", "stream", "stream_without_usage", "vision", "responses_plain", "responses_stream", "retry" })
            Text(results[scenario]).ShouldBe(Sample.WholeText, scenario);
        results["plain"].GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(16);
        results["stream"].GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(56);
        results["stream_without_usage"].GetProperty("sawUsage").GetBoolean().ShouldBeFalse();
        results["responses_stream"].GetProperty("inOrder").GetBoolean().ShouldBeTrue();
        results["embeddings"].GetProperty("vector").EnumerateArray().Select(v => v.GetSingle()).ShouldBe(OpenAiWire.Vector(0, 4));
        Arguments(results["tools_stream"]).ShouldBe(["München", "Asia/Tokyo"]);
        results["structured"].GetProperty("parsed").GetProperty("city").GetString().ShouldBe("München");
        (Error(results, "status").GetInt32(), Error(results, "code").GetString()).ShouldBe((404, "model_not_found"));
        await LeftAsync(upstream);
        upstream.Requests.Count(r => r.Model == "shaky").ShouldBe(3);
        upstream.Requests.Where(r => r.Model == "shaky").Select(r => r.Header("x-stainless-retry-count")).ShouldBe(["0", "1", "2"]);
        upstream.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Anthropic()
    {
        Assert.SkipUnless(NpmClients.IsAvailable, NpmClients.Missing);
        await using var upstream = ScriptedUpstream.Start(new ScriptTable()
            .Model("missing", Script.Error(AnthropicErrors.ModelNotFound("missing")))
            .Model("slow", Script.Events(AnthropicWire.MessageEvents(AnswerSample.Greeting).Take(4)).StallForever())
            .Model("shaky", Script.Error(AnthropicErrors.Overloaded, RetryAfter.Milliseconds(20)), Malformed.NothingThenReset, Script.Json(AnthropicWire.Message(Sample)))
            .Path("/v1/messages/count_tokens", Script.Json(AnthropicWire.TokenCount(2095)))
            .Path("/v1/models", Script.Json(AnthropicWire.Models("a", "b")))
            .When(r => Has(r, "tools"), Script.Events(AnthropicWire.MessageEvents(AnswerSample.ToolCalls)))
            .When(r => Has(r, "output_config"), Script.Json(AnthropicWire.Message(Structured)))
            .When(r => Has(r, "stream"), Script.Events(AnthropicWire.MessageEvents(Sample).Select((e, i) => AnthropicWire.Padded(e, i % 5))))
            .Otherwise(Script.Json(AnthropicWire.Message(Sample))).Choose);

        var results = await NpmClients.RunAsync(upstream.Url, "sk-test", "anthropic");

        results.Values.ShouldAllBe(r => r.GetProperty("ok").GetBoolean());
        results.Count.ShouldBe(11);
        foreach (var scenario in new[] { "plain", "stream", "stream_raw", "vision", "retry" })
            Text(results[scenario]).ShouldBe(Sample.WholeText, scenario);
        foreach (var scenario in new[] { "plain", "stream" })
        {
            var usage = results[scenario].GetProperty("usage");
            (Number(usage, "input_tokens"), Number(usage, "cache_read_input_tokens"), Number(usage, "cache_creation_input_tokens"), Number(usage, "output_tokens")).ShouldBe((7, 16, 8, 25));
        }
        (results["stream"].GetProperty("first").GetString(), results["stream"].GetProperty("last").GetString()).ShouldBe(("message_start", "message_stop"));
        Arguments(results["tools_stream"]).ShouldBe(["München", "Asia/Tokyo"]);
        results["structured"].GetProperty("parsed").GetProperty("city").GetString().ShouldBe("München");
        Number(results["count_tokens"], "tokens").ShouldBe(2095);
        (Error(results, "status").GetInt32(), Error(results, "type").GetString()).ShouldBe((404, "not_found_error"));
        await LeftAsync(upstream);
        upstream.Requests.Count(r => r.Model == "shaky").ShouldBe(3);
        upstream.Faults.ShouldBeEmpty();
    }

    private static bool Has(UpstreamRequest request, string member) =>
        request.Body.Length > 0 && request.Json().TryGetProperty(member, out var value) && value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);

    private static string? Text(JsonElement result) => result.GetProperty("text").GetString();

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static JsonElement Error(IReadOnlyDictionary<string, JsonElement> results, string member) => results["error"].GetProperty("error").GetProperty(member);

    private static IEnumerable<string?> Arguments(JsonElement result) => result.GetProperty("calls").EnumerateArray()
        .Select(c => c.GetProperty("arguments"))
        .Select(a => a.TryGetProperty("city", out var city) ? city.GetString() : a.GetProperty("zone").GetString());

    private static async Task LeftAsync(ScriptedUpstream upstream)
    {
        var aborted = upstream.Requests.Single(r => r.Model == "slow");
        await aborted.HungUp.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }
}
