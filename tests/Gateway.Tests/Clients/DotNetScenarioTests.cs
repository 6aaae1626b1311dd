using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;
using static Platform.Gateway.Tests.Clients.AnthropicWorld;

namespace Platform.Gateway.Tests.Clients;

/// <summary>OpenAI's own .NET client: what it asks for besides plain texts, to engines of either dialect.</summary>
public sealed class DotNetScenarioTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    private static readonly byte[] Pixel = [0x89, 0x50, 0x4e, 0x47];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Engines => ["openai", "vllm", "anthropic"];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_image_to_look_at(string engine)
    {
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Plain(engine, AnswerSample.Greeting));
        var message = new UserChatMessage(ChatMessageContentPart.CreateTextPart("What is it?"), ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(Pixel), "image/png"));

        var answer = (await Client(world).GetChatClient(Served).CompleteChatAsync([message], cancellationToken: Cancel)).Value;

        answer.Content[0].Text.ShouldBe(AnswerSample.Greeting.WholeText);
        var part = world.Upstream.Requests.ShouldHaveSingleItem().Json().GetProperty("messages")[0].GetProperty("content")[1];
        var image = engine == "anthropic" ? part.GetProperty("source").GetProperty("data") : part.GetProperty("image_url").GetProperty("url");
        image.GetString().ShouldBe((engine == "anthropic" ? "" : "data:image/png;base64,") + Convert.ToBase64String(Pixel));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Structured_output(string engine)
    {
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Plain(engine, AnswerSample.Greeting with { Text = ["{\"city\":", "\"München\"}"] }));
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("weather", BinaryData.FromString(Schema), jsonSchemaIsStrict: true) };

        var answer = (await Client(world).GetChatClient(Served).CompleteChatAsync([new UserChatMessage("Hi")], options, Cancel)).Value;

        JsonSerializer.Deserialize<JsonElement>(answer.Content[0].Text).GetProperty("city").GetString().ShouldBe("München");
        var sent = world.Upstream.Requests.ShouldHaveSingleItem().Json();
        var format = engine == "anthropic" ? sent.GetProperty("output_config").GetProperty("format") : sent.GetProperty("response_format").GetProperty("json_schema");
        JsonElement.DeepEquals(format.GetProperty("schema"), JsonSerializer.Deserialize<JsonElement>(Schema)).ShouldBeTrue(format.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Tools_streamed(string engine)
    {
        var sample = AnswerSample.ToolCalls;
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Script.Events(Events(engine, sample)));
        var options = new ChatCompletionOptions { ToolChoice = ChatToolChoice.CreateRequiredChoice(), AllowParallelToolCalls = true };
        foreach (var tool in sample.Tools)
            options.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, "It is known.", BinaryData.FromString("""{"type":"object","properties":{}}""")));
        var (names, arguments, finish) = (new List<string>(), new Dictionary<int, StringBuilder>(), (ChatFinishReason?)null);

        await foreach (var update in Client(world).GetChatClient(Served).CompleteChatStreamingAsync([new UserChatMessage("Hi")], options, Cancel))
        {
            finish ??= update.FinishReason;
            foreach (var call in update.ToolCallUpdates)
            {
                if (call.FunctionName is { Length: > 0 } name)
                    names.Add(name);
                if (call.FunctionArgumentsUpdate is { } piece && !piece.ToMemory().IsEmpty)
                    (arguments.TryGetValue(call.Index, out var all) ? all : arguments[call.Index] = new()).Append(piece);
            }
        }

        names.ShouldBe(sample.Tools.Select(t => t.Name));
        arguments.OrderBy(a => a.Key).Select(a => a.Value.ToString()).ShouldBe(sample.Tools.Select(t => t.Arguments));
        finish.ShouldBe(ChatFinishReason.ToolCalls);
        (await world.RecordsAsync(Served, 1)).ShouldHaveSingleItem().UsageSource.ShouldBe("provider");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_abort_reaches_the_engine_and_is_recorded(string engine)
    {
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Script.Events(Events(engine, AnswerSample.Greeting).Take(5)).StallForever());
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Client(world).GetChatClient(Served).CompleteChatStreamingAsync([new UserChatMessage("Hi")], cancellationToken: leaving.Token))
            {
                if (update.ContentUpdate.Any(p => p.Text.Length > 0))
                    await leaving.CancelAsync();
            }
        });

        await ShouldHaveLeftAsync(world, "chat");
    }

    [Fact]
    public async Task A_response_that_is_left_is_cancelled_and_recorded()
    {
        await using var world = await ClientWorld.StartAsync(fixture, "openai", _ => Script.Events(ResponsesWire.ResponseEvents(AnswerSample.Greeting).Take(6)).StallForever());
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in await Client(world).GetResponsesClient().CreateResponseStreamingAsync(Served, "Hi", cancellationToken: leaving.Token))
            {
                if (update is StreamingResponseOutputTextDeltaUpdate)
                    await leaving.CancelAsync();
            }
        });

        await ShouldHaveLeftAsync(world, "responses");
    }

    /// <summary>The engine asks for 700 ms, the gateway passes it on in whole seconds, and the client waits for them.</summary>
    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task It_comes_again_when_the_engine_said_and_not_before(string engine)
    {
        var busy = Script.Error(engine == "anthropic" ? AnthropicErrors.RateLimited : OpenAiErrors.RateLimited, RetryAfter.Milliseconds(700));
        await using var world = await ClientWorld.StartAsync(fixture, engine, ScriptTable.Sequence(busy, Plain(engine, AnswerSample.Greeting)));
        var began = Stopwatch.GetTimestamp();

        var answer = (await Client(world, retries: 2).GetChatClient(Served).CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancel)).Value;

        answer.Content[0].Text.ShouldBe(AnswerSample.Greeting.WholeText);
        Stopwatch.GetElapsedTime(began).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
        world.Upstream.Count.ShouldBe(2);
        (await world.RecordsAsync(Served, 2)).Select(r => r.Status).ShouldBe([429, 200], ignoreOrder: true);
    }

    private static async Task ShouldHaveLeftAsync(ClientWorld world, string operation)
    {
        await world.Upstream.Requests.ShouldHaveSingleItem().HungUp.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        var record = (await world.RecordsAsync(Served, 1)).ShouldHaveSingleItem();
        (record.Operation, record.Status, record.ErrorCode, record.Streamed).ShouldBe((operation, 499, "caller_left", true));
    }

    private static OpenAIClient Client(ClientWorld world, int retries = 0) => new(
        new ApiKeyCredential(world.Key),
        new() { Endpoint = new(world.Url, "v1"), RetryPolicy = new ClientRetryPolicy(retries), NetworkTimeout = TimeSpan.FromSeconds(20) });
}
