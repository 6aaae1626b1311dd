using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Audio;
using OpenAI.Chat;
using Platform.TestKit.Streams;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Tests.Clients;

/// <summary>OpenAI's own client reads the samples, so that they are known to be right before a gateway stands between.</summary>
public sealed class OpenAiClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_plain()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Json(OpenAiWire.Chat(AnswerSample.Thinking)));

        var answer = (await Client(upstream).GetChatClient("m").CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancel)).Value;

        answer.Content.ShouldHaveSingleItem().Text.ShouldBe("It is 4.");
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
        (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount).ShouldBe((31, 25, 56));
        answer.Usage.InputTokenDetails.CachedTokenCount.ShouldBe(16);
        answer.Usage.OutputTokenDetails.ReasoningTokenCount.ShouldBe(18);
        (await upstream.RequestAsync(1)).Path.ShouldBe("/v1/chat/completions");
    }

    [Fact]
    public async Task Chat_streamed_with_usage_split_at_every_byte()
    {
        var sample = AnswerSample.Greeting;
        var body = SseText.Join(OpenAiWire.ChatEvents(sample, new() { IncludeUsage = true }));
        await using var upstream = ScriptedUpstream.Start(Script.Stream().WriteEvery(1, body));
        var text = new StringBuilder();
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;

        await foreach (var update in Client(upstream).GetChatClient("m").CompleteChatStreamingAsync([new UserChatMessage("Hi")], cancellationToken: Cancel))
        {
            foreach (var part in update.ContentUpdate)
                text.Append(part.Text);
            finish ??= update.FinishReason;
            usage ??= update.Usage;
        }

        text.ToString().ShouldBe(sample.WholeText);
        finish.ShouldBe(ChatFinishReason.Stop);
        usage.ShouldNotBeNull().TotalTokenCount.ShouldBe(sample.Usage.Total);
    }

    [Fact]
    public async Task Tools_plain_and_streamed()
    {
        var sample = AnswerSample.ToolCalls;
        await using var upstream = ScriptedUpstream.Start(
            ScriptTable.Sequence(Script.Json(OpenAiWire.Chat(sample)), Script.Events(OpenAiWire.ChatEvents(sample))));
        var chat = Client(upstream).GetChatClient("m");

        var plain = (await chat.CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancel)).Value;
        var arguments = new StringBuilder[] { new(), new() };
        var names = new List<string>();
        await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage("Hi")], cancellationToken: Cancel))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                if (call.FunctionName is { } name)
                    names.Add(name);
                if (call.FunctionArgumentsUpdate is { } piece && !piece.ToMemory().IsEmpty)
                    arguments[call.Index].Append(piece);
            }
        }

        plain.ToolCalls.Select(t => (t.Id, t.FunctionName, t.FunctionArguments.ToString())).ShouldBe(sample.Tools.Select(t => (t.Id, t.Name, t.Arguments)));
        plain.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        names.ShouldBe(["get_weather", "get_time"]);
        arguments.Select(a => a.ToString()).ShouldBe(sample.Tools.Select(t => t.Arguments));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Embeddings(bool base64)
    {
        await using var upstream = ScriptedUpstream.Start(Script.Json(OpenAiWire.Embeddings(2, 16, 9, base64)));

        var answer = (await Client(upstream).GetEmbeddingClient("m").GenerateEmbeddingsAsync(["a", "b"], cancellationToken: Cancel)).Value;

        answer.Select(e => e.ToFloats().ToArray()).ShouldBe([OpenAiWire.Vector(0, 16), OpenAiWire.Vector(1, 16)]);
        answer.Usage.InputTokenCount.ShouldBe(9);
    }

    [Fact]
    public async Task Moderations_images_and_models()
    {
        await using var upstream = ScriptedUpstream.Start(new ScriptTable()
            .Path("/v1/moderations", Script.Json(OpenAiWire.Moderation("violence")))
            .Path("/v1/images/generations", Script.Json(MediaWire.Images(1, new(9, 272))))
            .Path("/v1/models", Script.Json(OpenAiWire.Models("a", "b"))).Choose);
        var client = Client(upstream);

        var moderated = (await client.GetModerationClient("m").ClassifyTextAsync("text", Cancel)).Value;
        var image = (await client.GetImageClient("m").GenerateImageAsync("A lighthouse", cancellationToken: Cancel)).Value;
        var models = (await client.GetOpenAIModelClient().GetModelsAsync(Cancel)).Value;

        (moderated.Flagged, moderated.Violence.Flagged, moderated.Hate.Flagged).ShouldBe((true, true, false));
        image.ImageBytes.ToMemory().Length.ShouldBeGreaterThan(50);
        models.Select(m => m.Id).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Transcription_and_speech()
    {
        var spoken = MediaWire.Speech(100_000);
        await using var upstream = ScriptedUpstream.Start(new ScriptTable()
            .Path("/v1/audio/transcriptions", Script.Json(MediaWire.Transcription("Grüße.", new WireUsage(14, 5) { AudioInput = 14 })), Script.Json(MediaWire.VerboseTranscription("Grüße.", 2.5)))
            .Path("/v1/audio/speech", Script.Answer(200, Framing.Chunked, ("content-type", "audio/mpeg")).WriteEvery(4096, spoken)).Choose);
        var audio = Client(upstream).GetAudioClient("whisper");

        var plain = (await audio.TranscribeAudioAsync(new MemoryStream(spoken), "a.mp3", cancellationToken: Cancel)).Value;
        var verbose = (await audio.TranscribeAudioAsync(new MemoryStream(spoken), "a.mp3", new() { ResponseFormat = AudioTranscriptionFormat.Verbose }, Cancel)).Value;
        var speech = (await audio.GenerateSpeechAsync("Hello", GeneratedSpeechVoice.Alloy, cancellationToken: Cancel)).Value;

        plain.Text.ShouldBe("Grüße.");
        (verbose.Duration, verbose.Segments.Count).ShouldBe((TimeSpan.FromSeconds(2.5), 1));
        speech.ToArray().ShouldBe(spoken);
        upstream.Requests[0].Model.ShouldBe("whisper");
    }

    [Fact]
    public async Task Errors_have_their_status_and_text()
    {
        WireError[] errors = [OpenAiErrors.InvalidValue, OpenAiErrors.InvalidKey, OpenAiErrors.ModelNotFound("m"), OpenAiErrors.RateLimited, OpenAiErrors.ContextLength(), VllmWire.ContextLength()];
        await using var upstream = ScriptedUpstream.Start(ScriptTable.Sequence([.. errors.Select(e => Script.Error(e))]));
        var chat = Client(upstream, retries: 0).GetChatClient("m");

        foreach (var error in errors)
        {
            var thrown = await Should.ThrowAsync<ClientResultException>(chat.CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancel));

            thrown.Status.ShouldBe(error.Status);
            thrown.GetRawResponse()!.Content.ToArray().ShouldBe(error.Body);
        }
    }

    [Fact]
    public async Task It_comes_again_after_a_refusal_that_says_when()
    {
        await using var upstream = ScriptedUpstream.Start(
            ScriptTable.Sequence(Script.Error(OpenAiErrors.RateLimited, RetryAfter.Seconds(0)), Malformed.NothingThenReset, Script.Json(OpenAiWire.Chat(AnswerSample.Greeting))));

        var answer = await Client(upstream, retries: 2).GetChatClient("m").CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancel);

        answer.Value.Content[0].Text.ShouldBe(AnswerSample.Greeting.WholeText);
        upstream.Count.ShouldBe(3);
    }

    private static OpenAIClient Client(ScriptedUpstream upstream, int retries = 0) => new(
        new ApiKeyCredential("sk-test"),
        new() { Endpoint = new(upstream.Url, "v1"), RetryPolicy = new ClientRetryPolicy(retries), NetworkTimeout = TimeSpan.FromSeconds(10) });
}
