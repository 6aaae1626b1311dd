using System.Text.Json;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Clients;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.Gateway.Tests.Clients;

/// <summary>The official npm clients through the gateway: the scenarios that they pass against a provider itself.</summary>
public sealed class NpmClientTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private static readonly AnswerSample Sample = AnswerSample.Thinking with { Text = AnswerSample.Greeting.Text };
    private static readonly AnswerSample Structured = AnswerSample.Greeting with { Text = ["{\"city\":", "\"München\"}"] };

    /// <summary>Whether it is asked for continuous usage is the engine's own business: the caller sees the same.</summary>
    [Theory]
    [InlineData("openai")]
    [InlineData("vllm")]
    public async Task OpenAI(string engine)
    {
        Assert.SkipUnless(NpmClients.IsAvailable, NpmClients.Missing);
        await using var world = await ClientWorld.StartAsync(fixture, engine, OpenAiScripts(engine == "vllm").Choose);

        var results = await NpmClients.RunAsync(world.Url, world.Key, "openai");

        results.Values.Where(r => !r.GetProperty("ok").GetBoolean()).Select(r => r.GetRawText()).ShouldBeEmpty();
        results.Count.ShouldBe(13);
        foreach (var scenario in new[] { "plain", "stream", "stream_without_usage", "vision", "responses_plain", "responses_stream", "retry" })
            Text(results[scenario]).ShouldBe(Sample.WholeText, scenario);
        results["plain"].GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(16);
        results["plain"].GetProperty("requestId").GetString().ShouldNotBeNull();
        results["stream"].GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(56);
        results["stream_without_usage"].GetProperty("sawUsage").GetBoolean().ShouldBeFalse();
        results["responses_stream"].GetProperty("inOrder").GetBoolean().ShouldBeTrue();
        results["embeddings"].GetProperty("vector").EnumerateArray().Select(v => v.GetSingle()).ShouldBe(OpenAiWire.Vector(0, 4));
        Arguments(results["tools_stream"]).ShouldBe(["München", "Asia/Tokyo"]);
        results["structured"].GetProperty("parsed").GetProperty("city").GetString().ShouldBe("München");
        results["models"].GetProperty("ids").EnumerateArray().Select(i => i.GetString()).ShouldBe(ClientWorld.Models);
        (Error(results, "status").GetInt32(), Error(results, "code").GetString()).ShouldBe((404, "model_not_found"));
        Error(results, "requestId").GetString().ShouldNotBeNull();
        await ShouldHaveLeftAsync(world);
        (await world.RecordsAsync("shaky", 3)).Count(r => r.Status == 200).ShouldBe(1);
        var records = await world.RecordsAsync("sample-model", 9);
        records.Count.ShouldBe(9);
        records.ShouldAllBe(r => r.UsageSource == "provider" && r.Status == 200);
        records.Count(r => r is { Operation: "chat", InputTokens: 31, CachedInputTokens: 16, OutputTokens: 25, ReasoningTokens: 18 }).ShouldBe(4);
        records.Count(r => r is { Operation: "responses", InputTokens: 31, CachedInputTokens: 16, OutputTokens: 25, ReasoningTokens: 18 }).ShouldBe(2);
        world.Upstream.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Anthropic()
    {
        Assert.SkipUnless(NpmClients.IsAvailable, NpmClients.Missing);
        await using var world = await ClientWorld.StartAsync(fixture, "anthropic", AnthropicScripts().Choose);

        var results = await NpmClients.RunAsync(world.Url, world.Key, "anthropic");

        results.Values.Where(r => !r.GetProperty("ok").GetBoolean()).Select(r => r.GetRawText()).ShouldBeEmpty();
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
        results["models"].GetProperty("ids").EnumerateArray().Select(i => i.GetString()).ShouldBe(ClientWorld.Models);
        (Error(results, "status").GetInt32(), Error(results, "type").GetString()).ShouldBe((404, "not_found_error"));
        await ShouldHaveLeftAsync(world);
        var records = (await world.RecordsAsync("sample-model", 7)).Where(r => r.Operation == "messages").ToList();
        records.ShouldAllBe(r => r.UsageSource == "provider" && r.Status == 200);
        records.Count(r => r is { InputTokens: 31, CachedInputTokens: 16, CacheWriteTokens: 8, OutputTokens: 25 }).ShouldBe(4);
        world.Upstream.Faults.ShouldBeEmpty();
    }

    private static ScriptTable OpenAiScripts(bool continuous)
    {
        // What an engine sends follows from what the gateway asks of it.
        var options = new ChatStreamOptions { IncludeUsage = true, ContinuousUsage = continuous };
        var events = OpenAiWire.ChatEvents(Sample, options);
        return new ScriptTable()
            .Model("slow", Script.Stream().Write(events[0]).Write(events[4]).StallForever())
            .Model("shaky", Script.Error(OpenAiErrors.RateLimited, RetryAfter.Milliseconds(20)), Script.Error(OpenAiErrors.Overloaded, RetryAfter.Milliseconds(20)), Script.Json(OpenAiWire.Chat(Sample)))
            .Path("/v1/embeddings", Script.Json(OpenAiWire.Embeddings(2, 4, 9, base64: true)))
            .When(r => r.Path == "/v1/responses" && ClientWorld.Has(r, "stream"), Script.Events(ResponsesWire.ResponseEvents(Sample)))
            .Path("/v1/responses", Script.Json(ResponsesWire.Response(Sample)))
            .When(r => ClientWorld.Has(r, "tools"), Script.Events(OpenAiWire.ChatEvents(AnswerSample.ToolCalls, options)))
            .When(r => ClientWorld.Has(r, "response_format"), Script.Json(OpenAiWire.Chat(Structured)))
            .When(r => ClientWorld.Has(r, "stream"), Script.Events(events))
            .Otherwise(Script.Json(OpenAiWire.Chat(Sample)));
    }

    private static ScriptTable AnthropicScripts() => new ScriptTable()
        .Model("slow", Script.Events(AnthropicWire.MessageEvents(AnswerSample.Greeting).Take(4)).StallForever())
        .Model("shaky", Script.Error(AnthropicErrors.Overloaded, RetryAfter.Milliseconds(20)), Malformed.NothingThenReset, Script.Json(AnthropicWire.Message(Sample)))
        .Path("/v1/messages/count_tokens", Script.Json(AnthropicWire.TokenCount(2095)))
        .When(r => ClientWorld.Has(r, "tools"), Script.Events(AnthropicWire.MessageEvents(AnswerSample.ToolCalls)))
        .When(r => ClientWorld.Has(r, "output_config"), Script.Json(AnthropicWire.Message(Structured)))
        .When(r => ClientWorld.Has(r, "stream"), Script.Events(AnthropicWire.MessageEvents(Sample).Select((e, i) => AnthropicWire.Padded(e, i % 5))))
        .Otherwise(Script.Json(AnthropicWire.Message(Sample)));

    private static string? Text(JsonElement result) => result.GetProperty("text").GetString();

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static JsonElement Error(IReadOnlyDictionary<string, JsonElement> results, string member) => results["error"].GetProperty("error").GetProperty(member);

    private static IEnumerable<string?> Arguments(JsonElement result) => result.GetProperty("calls").EnumerateArray()
        .Select(c => c.GetProperty("arguments"))
        .Select(a => a.TryGetProperty("city", out var city) ? city.GetString() : a.GetProperty("zone").GetString());

    private static async Task ShouldHaveLeftAsync(ClientWorld world)
    {
        var aborted = world.Upstream.Requests.Single(r => r.Model == "slow");
        await aborted.HungUp.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        (await world.RecordsAsync("slow", 1)).ShouldHaveSingleItem().Status.ShouldBe(499);
    }
}
