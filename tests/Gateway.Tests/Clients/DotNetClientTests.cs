using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Streams;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.Gateway.Tests.Clients;

/// <summary>OpenAI's own .NET client through the gateway.</summary>
public sealed class DotNetClientTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Model = "sample-model";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_plain_with_its_usage()
    {
        await using var world = await ClientWorld.StartAsync(fixture, "openai", _ => Script.Json(OpenAiWire.Chat(AnswerSample.Thinking)));

        var answer = (await Client(world).GetChatClient(Model).CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancel)).Value;

        answer.Content.ShouldHaveSingleItem().Text.ShouldBe(AnswerSample.Thinking.WholeText);
        (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount, answer.Usage.InputTokenDetails.CachedTokenCount).ShouldBe((31, 25, 16));
        (await world.RecordsAsync(Model, 1)).ShouldHaveSingleItem().ReasoningTokens.ShouldBe(18);
    }

    /// <summary>The bytes arrive one by one; the client sees what it would see of the engine, usage included, which it asks for.</summary>
    [Theory]
    [InlineData("openai", false)]
    [InlineData("vllm", true)]
    public async Task Chat_streamed_split_at_every_byte(string engine, bool continuous)
    {
        var sample = AnswerSample.Greeting;
        var body = SseText.Join(OpenAiWire.ChatEvents(sample, new() { IncludeUsage = true, ContinuousUsage = continuous }));
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Script.Stream().WriteEvery(1, body));
        var text = new StringBuilder();
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;

        await foreach (var update in Client(world).GetChatClient(Model).CompleteChatStreamingAsync([new UserChatMessage("Hi")], cancellationToken: Cancel))
        {
            foreach (var part in update.ContentUpdate)
                text.Append(part.Text);
            finish ??= update.FinishReason;
            usage ??= update.Usage;
        }

        text.ToString().ShouldBe(sample.WholeText);
        finish.ShouldBe(ChatFinishReason.Stop);
        usage.ShouldNotBeNull().TotalTokenCount.ShouldBe(sample.Usage.Total);
        var record = (await world.RecordsAsync(Model, 1)).ShouldHaveSingleItem();
        (record.InputTokens, record.OutputTokens, record.UsageSource).ShouldBe((sample.Usage.Input, sample.Usage.Output, "provider"));
    }

    [Fact]
    public async Task Tools_plain_and_streamed()
    {
        var sample = AnswerSample.ToolCalls;
        await using var world = await ClientWorld.StartAsync(
            fixture, "openai", ScriptTable.Sequence(Script.Json(OpenAiWire.Chat(sample)), Script.Events(OpenAiWire.ChatEvents(sample))));
        var chat = Client(world).GetChatClient(Model);

        var plain = (await chat.CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancel)).Value;
        var arguments = new StringBuilder[] { new(), new() };
        await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage("Hi")], cancellationToken: Cancel))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                if (call.FunctionArgumentsUpdate is { } piece && !piece.ToMemory().IsEmpty)
                    arguments[call.Index].Append(piece);
            }
        }

        plain.ToolCalls.Select(t => (t.Id, t.FunctionName, t.FunctionArguments.ToString())).ShouldBe(sample.Tools.Select(t => (t.Id, t.Name, t.Arguments)));
        arguments.Select(a => a.ToString()).ShouldBe(sample.Tools.Select(t => t.Arguments));
    }

    [Fact]
    public async Task Embeddings_moderations_and_models()
    {
        await using var world = await ClientWorld.StartAsync(fixture, "openai", new ScriptTable()
            .Path("/v1/embeddings", Script.Json(OpenAiWire.Embeddings(2, 16, 9, base64: true)))
            .Path("/v1/moderations", Script.Json(OpenAiWire.Moderation("violence"))).Choose);
        var client = Client(world);

        var embeddings = (await client.GetEmbeddingClient(Model).GenerateEmbeddingsAsync(["a", "b"], cancellationToken: Cancel)).Value;
        var moderated = (await client.GetModerationClient(Model).ClassifyTextAsync("text", Cancel)).Value;
        var models = (await client.GetOpenAIModelClient().GetModelsAsync(Cancel)).Value;

        embeddings.Select(e => e.ToFloats().ToArray()).ShouldBe([OpenAiWire.Vector(0, 16), OpenAiWire.Vector(1, 16)]);
        (moderated.Flagged, moderated.Violence.Flagged).ShouldBe((true, true));
        models.Select(m => m.Id).ShouldBe(ClientWorld.Models);
    }

    [Fact]
    public async Task Responses_plain_and_streamed()
    {
        var sample = AnswerSample.Greeting with { Tools = AnswerSample.ToolCalls.Tools };
        await using var world = await ClientWorld.StartAsync(
            fixture, "openai", ScriptTable.Sequence(Script.Json(ResponsesWire.Response(sample)), Script.Events(ResponsesWire.ResponseEvents(sample))));
        var responses = Client(world).GetResponsesClient();
        var (text, numbers) = (new StringBuilder(), new List<int>());

        var plain = (await responses.CreateResponseAsync(Model, "Hi", cancellationToken: Cancel)).Value;
        await foreach (var update in await responses.CreateResponseStreamingAsync(Model, "Hi", cancellationToken: Cancel))
        {
            numbers.Add(update.SequenceNumber);
            if (update is StreamingResponseOutputTextDeltaUpdate delta)
                text.Append(delta.Delta);
        }

        plain.GetOutputText().ShouldBe(sample.WholeText);
        numbers.ShouldBe(Enumerable.Range(0, numbers.Count));
        text.ToString().ShouldBe(sample.WholeText);
        (await world.RecordsAsync(Model, 2)).ShouldAllBe(r => r.Operation == "responses" && r.InputTokens == sample.Usage.Input && r.OutputTokens == sample.Usage.Output);
        world.Upstream.Requests.ShouldAllBe(r => !r.Json().GetProperty("store").GetBoolean());
    }

    [Fact]
    public async Task A_response_that_breaks_is_an_error_with_the_next_number()
    {
        var events = ResponsesWire.ResponseEvents(AnswerSample.Greeting).Take(3).ToList();
        await using var world = await ClientWorld.StartAsync(fixture, "openai", _ => Script.Events(events).Reset());
        StreamingResponseUpdate? last = null;

        await foreach (var update in await Client(world).GetResponsesClient().CreateResponseStreamingAsync(Model, "Hi", cancellationToken: Cancel))
            last = update;

        var error = last.ShouldBeOfType<StreamingResponseErrorUpdate>();
        (error.SequenceNumber, error.Code).ShouldBe((3, "upstream_failed"));
    }

    [Fact]
    public async Task Errors_have_their_status_and_text()
    {
        WireError[] errors = [OpenAiErrors.InvalidValue, OpenAiErrors.Forbidden, OpenAiErrors.ContextLength(), VllmWire.ContextLength()];
        await using var world = await ClientWorld.StartAsync(fixture, "openai", ScriptTable.Sequence([.. errors.Select(e => Script.Error(e))]));
        var chat = Client(world).GetChatClient(Model);

        foreach (var error in errors)
        {
            var thrown = await Should.ThrowAsync<ClientResultException>(() => chat.CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancel));

            thrown.Status.ShouldBe(error.Status);
            thrown.GetRawResponse()!.Content.ToArray().ShouldBe(error.Body);
        }
    }

    [Fact]
    public async Task It_comes_again_after_a_refusal_and_after_a_reset()
    {
        await using var world = await ClientWorld.StartAsync(
            fixture, "openai",
            ScriptTable.Sequence(Script.Error(OpenAiErrors.RateLimited, RetryAfter.Seconds(0)), Malformed.NothingThenReset, Script.Json(OpenAiWire.Chat(AnswerSample.Greeting))));

        var answer = await Client(world, retries: 2).GetChatClient(Model).CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancel);

        answer.Value.Content[0].Text.ShouldBe(AnswerSample.Greeting.WholeText);
        world.Upstream.Count.ShouldBe(3);
    }

    private static OpenAIClient Client(ClientWorld world, int retries = 0) => new(
        new ApiKeyCredential(world.Key),
        new() { Endpoint = new(world.Url, "v1"), RetryPolicy = new ClientRetryPolicy(retries), NetworkTimeout = TimeSpan.FromSeconds(20) });
}
