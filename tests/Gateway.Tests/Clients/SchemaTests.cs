using System.Net;
using System.Text.Json.Nodes;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Schemas;
using Platform.TestKit.Streams;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.Gateway.Tests.Clients;

/// <summary>What callers of OpenAI's get is valid by OpenAI's own description, whichever dialect the engine speaks.</summary>
public sealed class SchemaTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Model = "sample-model";
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
    private const string Chat = "/v1/chat/completions";

    private static readonly Dictionary<string, AnswerSample> Samples = new()
    {
        ["text"] = AnswerSample.Greeting,
        ["tools"] = AnswerSample.ToolCalls,
        ["thoughts"] = AnswerSample.Thinking with { Tools = AnswerSample.ToolCalls.Tools },
        ["cut short"] = AnswerSample.Greeting with { Finish = "length" },
        ["refused"] = AnswerSample.Greeting with { Finish = "content_filter" },
        ["nothing"] = AnswerSample.Greeting with { Text = [] },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<string, string> ChatRows => new(["openai", "vllm", "anthropic"], [.. Samples.Keys]);

    /// <summary>By path: what is asked, what the engine answers, the schema.</summary>
    public static TheoryData<string, string, byte[], string> PlainRows => new()
    {
        { "/v1/completions", "\"prompt\":\"Hi\"", OpenAiWire.Completion(AnswerSample.Greeting), "CreateCompletionResponse" },
        { "/v1/embeddings", "\"input\":\"Hi\"", OpenAiWire.Embeddings(2, 4, 9), "CreateEmbeddingResponse" },
        { "/v1/moderations", "\"input\":\"Hi\"", OpenAiWire.Moderation("violence"), "CreateModerationResponse" },
        { "/v1/responses", "\"input\":\"Hi\"", ResponsesWire.Response(AnswerSample.Thinking), "Response" },
        { "/v1/responses/input_tokens", "\"input\":\"Hi\"", ResponsesWire.InputTokens(3), "TokenCountsResource" },
        { "/v1/images/generations", "\"prompt\":\"Hi\"", MediaWire.Images(1, new(9, 8)), "ImagesResponse" },
    };

    [Theory]
    [MemberData(nameof(ChatRows))]
    public async Task A_chat_completion(string engine, string sample)
    {
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => AnthropicWorld.Plain(engine, Samples[sample]));

        await ValidAsync("CreateChatCompletionResponse", await AskAsync(world, Chat, Messages));
    }

    [Theory]
    [MemberData(nameof(ChatRows))]
    public async Task A_chat_completions_chunks(string engine, string sample)
    {
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Script.Events(AnthropicWorld.Events(engine, Samples[sample])));

        foreach (var more in new[] { "", ",\"stream_options\":{\"include_usage\":true}" })
        {
            var stream = SseText.Parse(await AskAsync(world, Chat, Messages + ",\"stream\":true" + more));
            stream.Data.Last().ShouldBe("[DONE]");
            foreach (var data in stream.Data.SkipLast(1))
                await ValidAsync("CreateChatCompletionStreamResponse", data);
            var chunks = stream.Data.SkipLast(1).Select(d => JsonNode.Parse(d)!).ToList();
            chunks.Select(c => ((string?)c["id"], (long?)c["created"])).Distinct().ShouldHaveSingleItem();
            (chunks[^1]["usage"] is JsonObject).ShouldBe(more.Length > 0);
        }
    }

    [Theory]
    [MemberData(nameof(PlainRows))]
    public async Task Any_other_answer(string path, string asked, byte[] answer, string schema)
    {
        await using var world = await ClientWorld.StartAsync(fixture, "openai", _ => Script.Json(answer));

        await ValidAsync(schema, await AskAsync(world, path, asked));
    }

    [Fact]
    public async Task A_responses_events_and_the_one_that_tells_of_a_break()
    {
        var events = ResponsesWire.ResponseEvents(AnswerSample.Thinking);
        await using var world = await ClientWorld.StartAsync(fixture, "openai", ScriptTable.Sequence(Script.Events(events), Script.Events(events.Take(4)).Reset()));

        for (var i = 0; i < 2; i++)
        {
            var stream = SseText.Parse(await AskAsync(world, "/v1/responses", "\"input\":\"Hi\",\"stream\":true"));
            stream.Names.Last().ShouldBe(i == 0 ? "response.completed" : "error");
            foreach (var data in stream.Data)
                await ValidAsync("ResponseStreamEvent", WithoutEmptyUsage(data));
        }
    }

    [Fact]
    public async Task Models_and_errors()
    {
        await using var world = await ClientWorld.StartAsync(fixture, "anthropic", _ => Script.Error(AnthropicErrors.PromptTooLong));

        await ValidAsync("ListModelsResponse", await GetAsync(world, "/v1/models"));
        await ValidAsync("Model", await GetAsync(world, $"/v1/models/{Model}"));
        await ValidAsync("ErrorResponse", await GetAsync(world, "/v1/models/missing", HttpStatusCode.NotFound));
        await ValidAsync("ErrorResponse", await AskAsync(world, Chat, Messages, HttpStatusCode.BadRequest));
        await ValidAsync("ErrorResponse", await AskAsync(world, Chat, "\"messages\":7", HttpStatusCode.BadRequest));
        await ValidAsync("ErrorResponse", await AskAsync(world, "/v1/embeddings", "\"input\":\"x\"", HttpStatusCode.NotFound));
    }

    /// <summary>The real <c>response.created</c> says <c>"usage":null</c>, which the description forgot.</summary>
    private static string WithoutEmptyUsage(string data)
    {
        var json = JsonNode.Parse(data)!;
        if (json["response"] is JsonObject response && response["usage"] is null)
            response.Remove("usage");
        return json.ToJsonString();
    }

    private static async Task ValidAsync(string schema, string json)
    {
        Assert.SkipUnless(OpenApiSchema.IsAvailable, OpenApiSchema.Missing);

        (await OpenApiSchema.ValidateAsync(schema, json)).ShouldBeEmpty(json);
    }

    private static Task<string> AskAsync(ClientWorld world, string path, string members, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var request = world.Tenant.Request($$"""{"model":"{{Model}}",{{members}}}""");
        request.RequestUri = new(path, UriKind.Relative);
        return SendAsync(world, request, expected);
    }

    private static Task<string> GetAsync(ClientWorld world, string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", world.Key);
        return SendAsync(world, request, expected);
    }

    private static async Task<string> SendAsync(ClientWorld world, HttpRequestMessage request, HttpStatusCode expected)
    {
        using (request)
        {
            using var response = await world.Tenant.Gateway.Http.SendAsync(request, Cancel);
            var text = await response.Content.ReadAsStringAsync(Cancel);
            response.StatusCode.ShouldBe(expected, text);
            return text;
        }
    }
}
