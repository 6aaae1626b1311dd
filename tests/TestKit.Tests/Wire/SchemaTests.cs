using System.Text.Json.Nodes;
using Platform.TestKit.Schemas;
using Platform.TestKit.Streams;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Tests.Wire;

/// <summary>Every sample against OpenAI's own description.</summary>
public sealed class SchemaTests
{
    private static readonly AnswerSample[] Samples =
    [
        AnswerSample.Greeting, AnswerSample.ToolCalls, AnswerSample.Thinking, AnswerSample.Greeting with { Finish = "length" },
        AnswerSample.Thinking with { Tools = AnswerSample.ToolCalls.Tools },
    ];

    private static readonly WireUsage Usage = new(14, 101) { AudioInput = 4 };

    public static TheoryData<string, string> Plain => new()
    {
        { "CreateEmbeddingResponse", Text(OpenAiWire.Embeddings(2, 8, 12)) },
        { "CreateModerationResponse", Text(OpenAiWire.Moderation()) },
        { "CreateModerationResponse", Text(OpenAiWire.Moderation("hate", "self-harm/intent")) },
        { "ListModelsResponse", Text(OpenAiWire.Models("a", "b")) },
        { "ImagesResponse", Text(MediaWire.Images(2, Usage)) },
        { "ImagesResponse", Text(MediaWire.Images(1, null)) },
        { "CreateTranscriptionResponseJson", Text(MediaWire.Transcription("Hello.", Usage)) },
        { "CreateTranscriptionResponseJson", Text(MediaWire.Transcription("Hello.", 2.5)) },
        { "CreateTranscriptionResponseVerboseJson", Text(MediaWire.VerboseTranscription("Hello.", 2.5)) },
        { "TokenCountsResource", Text(ResponsesWire.InputTokens(11)) },
        { "ErrorResponse", Text(OpenAiErrors.InvalidKey.Body) },
        { "ErrorResponse", Text(OpenAiErrors.ContextLength().Body) },
        { "ErrorResponse", Text(OpenAiErrors.ServerError.Body) },
        { "ErrorResponse", Text(OpenAiErrors.ModelNotFound("x").Body) },
    };

    [Theory]
    [MemberData(nameof(Plain))]
    public async Task A_plain_answer_is_valid(string schema, string json) => await ValidAsync(schema, json);

    [Fact]
    public async Task Chat_is_valid_plain_and_streamed()
    {
        foreach (var sample in Samples)
        {
            await ValidAsync("CreateChatCompletionResponse", Text(OpenAiWire.Chat(sample)));
            foreach (var options in new ChatStreamOptions[] { new(), new() { IncludeUsage = true, Obfuscation = true }, new() { ContinuousUsage = true, IncludeUsage = true } })
                await ValidAsync("CreateChatCompletionStreamResponse", OpenAiWire.ChatEvents(sample, options).SkipLast(1));
        }
    }

    [Fact]
    public async Task Completions_are_valid()
    {
        var sample = AnswerSample.Greeting;

        await ValidAsync("CreateCompletionResponse", Text(OpenAiWire.Completion(sample)));

        // Chunks before the last have no reason yet; the description names the plain answer alone.
        var chunks = OpenAiWire.CompletionEvents(sample, new() { IncludeUsage = true }).SkipLast(1).Select(e => JsonNode.Parse(e.Data!)!).ToList();
        chunks[^1]["choices"]!.AsArray().ShouldBeEmpty();
        await ValidAsync("CreateCompletionResponse", chunks[^1].ToJsonString());
        await ValidAsync("CreateCompletionResponse", WithoutUsage(chunks[^2]).ToJsonString());
    }

    [Fact]
    public async Task Responses_are_valid_plain_and_streamed()
    {
        foreach (var sample in Samples)
        {
            await ValidAsync("Response", Text(ResponsesWire.Response(sample)));
            foreach (var one in ResponsesWire.ResponseEvents(sample))
                await ValidEventAsync(one);
        }
        foreach (var one in ResponsesWire.FailedEvents(AnswerSample.Greeting))
            await ValidEventAsync(one);
        await ValidEventAsync(ResponsesWire.ErrorEvent(3, "server_error", "No."));
    }

    [Fact]
    public async Task Events_of_images_and_sound_are_valid()
    {
        await ValidAsync("ImageGenStreamEvent", MediaWire.ImageEvents(2, Usage));
        await ValidAsync("CreateTranscriptionResponseStreamEvent", MediaWire.TranscriptionEvents(["Hel", "lo."], Usage));
        await ValidAsync("CreateSpeechResponseStreamEvent", MediaWire.SpeechEvents([MediaWire.Speech(40), MediaWire.Speech(40, 2)], Usage));
    }

    [Theory]
    [InlineData("ErrorResponse", """{"error":{"message":"m","type":"t","param":null}}""")]
    [InlineData("CreateChatCompletionResponse", """{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0}]}""")]
    [InlineData("ResponseUsage", """{"input_tokens":1,"output_tokens":"2"}""")]
    public async Task What_is_wrong_is_found(string schema, string json)
    {
        Assert.SkipUnless(OpenApiSchema.IsAvailable, OpenApiSchema.Missing);

        (await OpenApiSchema.ValidateAsync(schema, json)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_unknown_schema_is_an_error()
    {
        Assert.SkipUnless(OpenApiSchema.IsAvailable, OpenApiSchema.Missing);

        await Should.ThrowAsync<ArgumentException>(OpenApiSchema.ValidateAsync("Nonsense", "{}"));
    }

    private static string Text(byte[] json) => System.Text.Encoding.UTF8.GetString(json);

    private static async Task ValidAsync(string schema, IEnumerable<SseEvent> events)
    {
        foreach (var one in events)
            await ValidAsync(schema, one.Data!);
    }

    /// <summary>An event against the union of all. The real <c>response.created</c> says <c>"usage":null</c>, which the description forgot.</summary>
    private static async Task ValidEventAsync(SseEvent one)
    {
        var json = JsonNode.Parse(one.Data!)!;
        one.Name.ShouldBe((string?)json["type"]);
        if (json["response"] is JsonObject response)
            WithoutUsage(response);
        await ValidAsync("ResponseStreamEvent", json.ToJsonString());
    }

    private static JsonNode WithoutUsage(JsonNode json)
    {
        if (json["usage"] is null)
            json.AsObject().Remove("usage");
        return json;
    }

    private static async Task ValidAsync(string schema, string json)
    {
        Assert.SkipUnless(OpenApiSchema.IsAvailable, OpenApiSchema.Missing);

        (await OpenApiSchema.ValidateAsync(schema, json)).ShouldBeEmpty(json);
    }
}
