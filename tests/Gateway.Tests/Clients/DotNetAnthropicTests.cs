using System.Text.Json;
using Anthropic.Models.Messages;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Streams;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;
using static Platform.Gateway.Tests.Clients.AnthropicWorld;

namespace Platform.Gateway.Tests.Clients;

/// <summary>Anthropic's own .NET client through the gateway: to an engine that speaks messages, and to one that speaks chat completions.</summary>
public sealed class DotNetAnthropicTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private static readonly Dictionary<string, JsonElement> Schema =
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""")!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Engines => ["anthropic", "vllm", "openai"];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Plain_with_thoughts_tools_and_usage(string engine)
    {
        var sample = AnswerSample.Thinking with { Tools = AnswerSample.ToolCalls.Tools };
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Plain(engine, sample));
        using var client = Client(world);

        var message = await client.Messages.Create(Hi, Cancel);

        message.Content.Select(b => b.TryPickThinking(out var thought) ? thought.Thinking : "").ShouldContain(sample.WholeReasoning);
        TextOf(message).ShouldBe(sample.WholeText);
        var tools = message.Content.Select(b => b.TryPickToolUse(out var tool) ? tool : null).OfType<ToolUseBlock>().ToList();
        tools.Select(t => t.Name).ShouldBe(["get_weather", "get_time"]);
        tools[0].Input["city"].GetString().ShouldBe("München");
        message.StopReason!.Raw().ShouldBe("tool_use");
        var usage = message.Usage;
        (usage.InputTokens + (usage.CacheReadInputTokens ?? 0) + (usage.CacheCreationInputTokens ?? 0), usage.CacheReadInputTokens, usage.OutputTokens).ShouldBe((31, 16, 25));
        (await world.RecordsAsync(Served, 1)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            r => (r.Operation, r.Status, r.Streamed, r.UsageSource).ShouldBe(("messages", 200, false, "provider")),
            r => (r.InputTokens, r.CachedInputTokens, r.OutputTokens).ShouldBe((31, 16, 25)));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Streamed_split_at_every_byte(string engine)
    {
        var sample = AnswerSample.Thinking with { Text = AnswerSample.Greeting.Text };
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Script.Stream().WriteEvery(1, SseText.Join(Events(engine, sample))));
        using var client = Client(world);

        var read = await ReadAsync(client, Hi, Cancel);

        (read.Text, read.Thoughts, read.StopReason, read.OutputTokens, read.HasStopped).ShouldBe((sample.WholeText, sample.WholeReasoning, "end_turn", 25, true));
        var record = (await world.RecordsAsync(Served, 1)).ShouldHaveSingleItem();
        (record.InputTokens, record.OutputTokens, record.UsageSource, record.Streamed).ShouldBe((31, 25, "provider", true));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Tools_streamed(string engine)
    {
        var sample = AnswerSample.ToolCalls;
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Script.Events(Events(engine, sample)));
        using var client = Client(world);
        var asked = Hi with
        {
            Tools = [.. sample.Tools.Select(t => (ToolUnion)new Tool { Name = t.Name, InputSchema = new() { Properties = new Dictionary<string, JsonElement>() } })],
            ToolChoice = new ToolChoiceAny(),
        };

        var read = await ReadAsync(client, asked, Cancel);

        read.Tools.ShouldBe(sample.Tools.Select(t => t.Name));
        read.Arguments.ShouldBe(sample.Tools.Select(t => t.Arguments));
        (read.StopReason, read.HasStopped).ShouldBe(("tool_use", true));
        var sent = world.Upstream.Requests.ShouldHaveSingleItem().Json();
        var first = sent.GetProperty("tools")[0];
        (engine == "anthropic" ? first : first.GetProperty("function")).GetProperty("name").GetString().ShouldBe("get_weather");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Structured_output(string engine)
    {
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Plain(engine, AnswerSample.Greeting with { Text = ["{\"city\":", "\"München\"}"] }));
        using var client = Client(world);

        var message = await client.Messages.Create(Hi with { OutputConfig = new() { Format = new() { Schema = Schema } } }, Cancel);

        JsonSerializer.Deserialize<JsonElement>(TextOf(message)).GetProperty("city").GetString().ShouldBe("München");
        var sent = world.Upstream.Requests.ShouldHaveSingleItem().Json();
        var format = engine == "anthropic" ? sent.GetProperty("output_config").GetProperty("format") : sent.GetProperty("response_format").GetProperty("json_schema");
        JsonElement.DeepEquals(format.GetProperty("schema"), JsonSerializer.SerializeToElement(Schema)).ShouldBeTrue(format.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_image_to_look_at(string engine)
    {
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Plain(engine, AnswerSample.Greeting));
        using var client = Client(world);
        List<ContentBlockParam> content =
        [
            new ImageBlockParam(new Base64ImageSource { Data = Pixel, MediaType = MediaType.ImagePng }),
            new TextBlockParam("What is it?"),
        ];

        var message = await client.Messages.Create(Hi with { Messages = [new UserMessageParam(content)] }, Cancel);

        TextOf(message).ShouldBe(AnswerSample.Greeting.WholeText);
        var part = world.Upstream.Requests.ShouldHaveSingleItem().Json().GetProperty("messages")[0].GetProperty("content")[0];
        var image = engine == "anthropic" ? part.GetProperty("source").GetProperty("data") : part.GetProperty("image_url").GetProperty("url");
        image.GetString().ShouldBe(engine == "anthropic" ? Pixel : "data:image/png;base64," + Pixel);
    }

    [Theory]
    [InlineData("anthropic", "/v1/messages/count_tokens")]
    [InlineData("vllm", "/tokenize")]
    public async Task The_length_of_a_prompt(string engine, string path)
    {
        await using var world = await ClientWorld.StartAsync(
            fixture, engine, new ScriptTable().Path(path, Script.Json(engine == "anthropic" ? AnthropicWire.TokenCount(3) : VllmWire.Tokenize(1, 2, 3))).Choose);
        using var client = Client(world);

        (await client.Messages.CountTokens(new() { Model = Served, Messages = [new UserMessageParam("Hi")] }, Cancel)).InputTokens.ShouldBe(3);

        (await world.RecordsAsync(Served, 1)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            r => (r.Operation, r.Status, r.InputTokens, r.OutputTokens).ShouldBe(("count_tokens", 200, 0, 0)));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_abort_reaches_the_engine_and_is_recorded(string engine)
    {
        var events = Events(engine, AnswerSample.Greeting);
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Script.Events(events.Take(5)).StallForever());
        using var client = Client(world);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var one in client.Messages.CreateStreaming(Hi, leaving.Token))
            {
                if (one.TryPickContentBlockDelta(out _))
                    await leaving.CancelAsync();
            }
        });

        await world.Upstream.Requests.ShouldHaveSingleItem().HungUp.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        var record = (await world.RecordsAsync(Served, 1)).ShouldHaveSingleItem();
        (record.Status, record.ErrorCode, record.Streamed).ShouldBe((499, "caller_left", true));
        record.OutputTokens.ShouldBeGreaterThan(0);
    }

    private static string TextOf(Message message) => string.Concat(message.Content.Select(b => b.TryPickText(out var text) ? text.Text : ""));
}
