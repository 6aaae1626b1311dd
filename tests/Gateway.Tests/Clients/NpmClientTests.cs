using System.Text.Json;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Clients;
using Platform.TestKit.Wire;

namespace Platform.Gateway.Tests.Clients;

/// <summary>The official npm clients through the gateway: the scenarios that they pass against a provider itself.</summary>
public sealed class NpmClientTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    /// <summary>Whether it is asked for continuous usage is the engine's own business: the caller sees the same.</summary>
    [Theory]
    [InlineData("openai")]
    [InlineData("vllm")]
    public async Task OpenAI(string engine)
    {
        Assert.SkipUnless(NpmClients.IsAvailable, NpmClients.Missing);
        await using var world = await ClientWorld.StartAsync(fixture, engine, NpmScripts.OpenAi(engine == "vllm").Choose);

        var results = await NpmClients.RunAsync(world.Url, world.Key, "openai");

        Print(results);
        results.Values.Where(r => !r.GetProperty("ok").GetBoolean()).Select(r => r.GetRawText()).ShouldBeEmpty();
        results.Count.ShouldBe(13);
        foreach (var scenario in new[] { "plain", "stream", "stream_without_usage", "vision", "responses_plain", "responses_stream", "retry" })
            Text(results[scenario]).ShouldBe(NpmScripts.Sample.WholeText, scenario);
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
        await using var world = await ClientWorld.StartAsync(fixture, "anthropic", NpmScripts.Anthropic().Choose);

        var results = await NpmClients.RunAsync(world.Url, world.Key, "anthropic");

        Print(results);
        results.Values.Where(r => !r.GetProperty("ok").GetBoolean()).Select(r => r.GetRawText()).ShouldBeEmpty();
        results.Count.ShouldBe(11);
        foreach (var scenario in new[] { "plain", "stream", "stream_raw", "vision", "retry" })
            Text(results[scenario]).ShouldBe(NpmScripts.Sample.WholeText, scenario);
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

    /// <summary>OpenAI's client, and an engine that speaks messages: what such an engine serves.</summary>
    [Fact]
    public async Task OpenAI_said_as_messages()
    {
        Assert.SkipUnless(NpmClients.IsAvailable, NpmClients.Missing);
        await using var world = await ClientWorld.StartAsync(fixture, "anthropic", NpmScripts.Anthropic().Choose);

        var results = await NpmClients.RunAsync(
            world.Url, world.Key, "openai", "--only", "plain,stream,stream_without_usage,tools_stream,structured,vision,error,abort,retry");

        Print(results);
        results.Values.Where(r => !r.GetProperty("ok").GetBoolean()).Select(r => r.GetRawText()).ShouldBeEmpty();
        results.Count.ShouldBe(9);
        foreach (var scenario in new[] { "plain", "stream", "stream_without_usage", "vision", "retry" })
            Text(results[scenario]).ShouldBe(NpmScripts.Sample.WholeText, scenario);
        foreach (var scenario in new[] { "plain", "stream" })
        {
            results[scenario].GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(16, scenario);
            Number(results[scenario].GetProperty("usage"), "total_tokens").ShouldBe(56, scenario);
        }
        results["stream_without_usage"].GetProperty("sawUsage").GetBoolean().ShouldBeFalse();
        results["tools_stream"].GetProperty("finish").GetString().ShouldBe("tool_calls");
        Arguments(results["tools_stream"]).ShouldBe(["München", "Asia/Tokyo"]);
        results["structured"].GetProperty("parsed").GetProperty("city").GetString().ShouldBe("München");
        (Error(results, "status").GetInt32(), Error(results, "code").GetString()).ShouldBe((404, "model_not_found"));
        await ShouldBeTranslatedAsync(world, "chat", 6);
    }

    /// <summary>Anthropic's client, and an engine that speaks chat completions.</summary>
    [Fact]
    public async Task Anthropic_said_as_chat_completions()
    {
        Assert.SkipUnless(NpmClients.IsAvailable, NpmClients.Missing);
        await using var world = await ClientWorld.StartAsync(fixture, "vllm", NpmScripts.OpenAi(continuous: true).Choose);

        var results = await NpmClients.RunAsync(world.Url, world.Key, "anthropic");

        Print(results);
        results.Values.Where(r => !r.GetProperty("ok").GetBoolean()).Select(r => r.GetRawText()).ShouldBeEmpty();
        results.Count.ShouldBe(11);
        foreach (var scenario in new[] { "plain", "stream", "stream_raw", "vision", "retry" })
            Text(results[scenario]).ShouldBe(NpmScripts.Sample.WholeText, scenario);
        foreach (var scenario in new[] { "plain", "stream" })
        {
            var usage = results[scenario].GetProperty("usage");
            (Number(usage, "cache_read_input_tokens"), Number(usage, "output_tokens")).ShouldBe((16, 25), scenario);
            results[scenario].GetProperty("stop").GetString().ShouldBe("end_turn");
        }
        (results["stream"].GetProperty("first").GetString(), results["stream"].GetProperty("last").GetString()).ShouldBe(("message_start", "message_stop"));
        Arguments(results["tools_stream"]).ShouldBe(["München", "Asia/Tokyo"]);
        results["structured"].GetProperty("parsed").GetProperty("city").GetString().ShouldBe("München");
        Number(results["count_tokens"], "tokens").ShouldBe(3);
        (Error(results, "status").GetInt32(), Error(results, "type").GetString()).ShouldBe((404, "not_found_error"));
        await ShouldBeTranslatedAsync(world, "messages", 6);
    }

    private static string? Text(JsonElement result) => result.GetProperty("text").GetString();

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static JsonElement Error(IReadOnlyDictionary<string, JsonElement> results, string member) => results["error"].GetProperty("error").GetProperty(member);

    private static IEnumerable<string?> Arguments(JsonElement result) => result.GetProperty("calls").EnumerateArray()
        .Select(c => c.GetProperty("arguments"))
        .Select(a => a.TryGetProperty("city", out var city) ? city.GetString() : a.GetProperty("zone").GetString());

    /// <summary>The rows that ran, in the test's output.</summary>
    private static void Print(IReadOnlyDictionary<string, JsonElement> results)
    {
        foreach (var (scenario, result) in results)
            TestContext.Current.TestOutputHelper?.WriteLine($"{scenario,-22} {(result.GetProperty("ok").GetBoolean() ? "ok" : "failed"),-6} {result.GetProperty("ms")} ms");
    }

    private static async Task ShouldBeTranslatedAsync(ClientWorld world, string operation, int count)
    {
        await ShouldHaveLeftAsync(world);
        var retried = await world.RecordsAsync("shaky", 3);
        retried.Count(r => r.Status == 200).ShouldBe(1);
        var records = (await world.RecordsAsync("sample-model", count)).Where(r => r.Operation == operation).ToList();
        records.Count.ShouldBe(count);
        records.ShouldAllBe(r => r.UsageSource == "provider" && r.Status == 200);
        world.Upstream.Faults.ShouldBeEmpty();
    }

    private static async Task ShouldHaveLeftAsync(ClientWorld world)
    {
        var aborted = world.Upstream.Requests.Single(r => r.Model == "slow");
        await aborted.HungUp.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        (await world.RecordsAsync("slow", 1)).ShouldHaveSingleItem().Status.ShouldBe(499);
    }
}
