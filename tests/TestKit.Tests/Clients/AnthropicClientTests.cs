using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Platform.TestKit.Streams;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Tests.Clients;

/// <summary>Anthropic's own client reads the samples of the Messages API.</summary>
public sealed class AnthropicClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static MessageCreateParams Hi => new() { MaxTokens = 64, Model = "m", Messages = [new UserMessageParam("Hi")] };

    [Fact]
    public async Task A_plain_message()
    {
        var sample = AnswerSample.Thinking with { Tools = AnswerSample.ToolCalls.Tools };
        await using var upstream = ScriptedUpstream.Start(Script.Json(AnthropicWire.Message(sample)));
        using var client = Client(upstream);

        var message = await client.Messages.Create(Hi, Cancel);

        var (thoughts, texts, tools) = (new List<string>(), new List<string>(), new List<ToolUseBlock>());
        foreach (var block in message.Content)
        {
            if (block.TryPickThinking(out var thinking))
                thoughts.Add(thinking.Thinking);
            else if (block.TryPickText(out var text))
                texts.Add(text.Text);
            else if (block.TryPickToolUse(out var tool))
                tools.Add(tool);
        }
        thoughts.ShouldBe([sample.WholeReasoning]);
        texts.ShouldBe([sample.WholeText]);
        tools.Select(t => t.Name).ShouldBe(["get_weather", "get_time"]);
        tools[0].Input["city"].GetString().ShouldBe("München");
        message.StopReason!.Raw().ShouldBe("tool_use");
        (message.Usage.InputTokens, message.Usage.CacheReadInputTokens, message.Usage.CacheCreationInputTokens, message.Usage.OutputTokens).ShouldBe((7, 16, 8, 25));
        message.Usage.OutputTokensDetails!.ThinkingTokens.ShouldBe(18);
        var request = await upstream.RequestAsync(1);
        // Since its version for API 2026-10-21 the client sends its key as a bearer; older ones send x-api-key and 2023-06-01.
        (request.Path, request.Header("authorization"), request.Header("anthropic-version")).ShouldBe(("/v1/messages", "Bearer sk-ant-test", "2026-10-21"));
    }

    [Fact]
    public async Task A_streamed_message_also_padded_and_split_at_every_byte()
    {
        var sample = AnswerSample.Thinking with { Text = AnswerSample.Greeting.Text, Tools = AnswerSample.ToolCalls.Tools };
        var events = AnthropicWire.MessageEvents(sample);
        var padded = SseText.Join(events.Select((e, i) => AnthropicWire.Padded(e, i % 7)));
        await using var upstream = ScriptedUpstream.Start(ScriptTable.Sequence(Script.Events(events), Script.Stream().WriteEvery(1, padded)));
        using var client = Client(upstream);

        for (var i = 0; i < 2; i++)
        {
            var read = await ReadAsync(client);

            read.Text.ToString().ShouldBe(sample.WholeText);
            read.Thoughts.ToString().ShouldBe(sample.WholeReasoning);
            read.Arguments.ToString().ShouldBe(string.Concat(sample.Tools.Select(t => t.Arguments)));
            (read.InputTokens, read.OutputTokens).ShouldBe((7, 25));
            read.Stopped.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Token_counts_and_models()
    {
        await using var upstream = ScriptedUpstream.Start(new ScriptTable()
            .Path("/v1/messages/count_tokens", Script.Json(AnthropicWire.TokenCount(2095)))
            .Path("/v1/models", Script.Json(AnthropicWire.Models("a", "b"))).Choose);
        using var client = Client(upstream);

        var count = await client.Messages.CountTokens(new() { Model = "m", Messages = [new UserMessageParam("Hi")] }, Cancel);
        var models = await client.Models.List(new(), Cancel);

        count.InputTokens.ShouldBe(2095);
        models.Items.Select(m => m.ID).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Errors_have_their_types()
    {
        WireError[] errors =
        [
            AnthropicErrors.InvalidRequest, AnthropicErrors.Authentication, AnthropicErrors.Permission, AnthropicErrors.ModelNotFound("m"), AnthropicErrors.RateLimited,
            AnthropicErrors.Internal, AnthropicErrors.Overloaded,
        ];
        await using var upstream = ScriptedUpstream.Start(ScriptTable.Sequence([.. errors.Select(e => Script.Error(e))]));
        using var client = Client(upstream);

        foreach (var error in errors)
        {
            var thrown = await Should.ThrowAsync<AnthropicApiException>(client.Messages.Create(Hi, Cancel));

            ((int)thrown.StatusCode).ShouldBe(error.Status);
            JsonSerializer.Deserialize<JsonElement>(thrown.ResponseBody).GetProperty("error").GetProperty("type").GetString()
                .ShouldBe(JsonSerializer.Deserialize<JsonElement>(error.Body).GetProperty("error").GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task An_error_in_the_stream_is_thrown()
    {
        var events = AnthropicWire.MessageEvents(AnswerSample.Greeting).Take(4).Append(AnthropicErrors.ToEvent(AnthropicErrors.Overloaded));
        await using var upstream = ScriptedUpstream.Start(Script.Events(events));
        using var client = Client(upstream);

        (await Should.ThrowAsync<AnthropicException>(ReadAsync(client))).Message.ShouldContain("Overloaded");
    }

    [Fact]
    public async Task It_comes_again_when_the_server_is_overloaded()
    {
        await using var upstream = ScriptedUpstream.Start(
            ScriptTable.Sequence(Script.Error(AnthropicErrors.Overloaded, RetryAfter.Seconds(0)), Script.Json(AnthropicWire.Message(AnswerSample.Greeting))));
        using var client = Client(upstream, retries: 1);

        (await client.Messages.Create(Hi, Cancel)).Content.Count.ShouldBe(1);
        upstream.Count.ShouldBe(2);
    }

    private static async Task<Read> ReadAsync(AnthropicClient client)
    {
        var read = new Read();
        await foreach (var one in client.Messages.CreateStreaming(Hi, Cancel))
        {
            if (one.TryPickStart(out var start))
                read.InputTokens = start.Message.Usage.InputTokens;
            else if (one.TryPickContentBlockDelta(out var delta))
                read.Add(delta.Delta);
            else if (one.TryPickDelta(out var last))
                read.OutputTokens = last.Usage.OutputTokens;
            else if (one.TryPickStop(out _))
                read.Stopped = true;
        }
        return read;
    }

    private static AnthropicClient Client(ScriptedUpstream upstream, int retries = 0) => new()
    {
        BaseUrl = upstream.Url.ToString().TrimEnd('/'),
        ApiKey = "sk-ant-test",
        MaxRetries = retries,
        Timeout = TimeSpan.FromSeconds(10),
    };

    private sealed class Read
    {
        public StringBuilder Text { get; } = new();

        public StringBuilder Thoughts { get; } = new();

        public StringBuilder Arguments { get; } = new();

        public long InputTokens { get; set; }

        public long OutputTokens { get; set; }

        public bool Stopped { get; set; }

        public void Add(RawContentBlockDelta delta)
        {
            if (delta.TryPickText(out var text))
                Text.Append(text.Text);
            else if (delta.TryPickThinking(out var thinking))
                Thoughts.Append(thinking.Thinking);
            else if (delta.TryPickInputJson(out var json))
                Arguments.Append(json.PartialJson);
        }
    }
}
