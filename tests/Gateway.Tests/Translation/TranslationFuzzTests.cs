using System.Text;
using System.Text.Json;
using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.Anthropic;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Translation;

namespace Platform.Gateway.Tests.Translation;

/// <summary>Whatever is sent, a translator answers with JSON or with an error, and never with a surprise.</summary>
public sealed class TranslationFuzzTests
{
    private const int Rounds = 3000;

    private static readonly string[] Tokens =
    [
        "null", "true", "1", "-1e9", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[[[]]]", "{\"type\":\"text\"}", "\"text\"", "\"tool_use\"", "\"tool\"", "\"system\"", "\"assistant\"",
    ];

    [Fact]
    public void A_request_in_pieces_is_said_or_refused()
    {
        var random = new Random(20);
        foreach (var sample in TranslationSamples.Chat.Values.Concat(TranslationSamples.Messages.Values))
        {
            for (var round = 0; round < Rounds / 30; round++)
            {
                var body = Mutated(sample.Json, random);
                var bytes = Encoding.UTF8.GetBytes(body);
                if (new ChatOperation().Read(bytes).Error is null)
                    ShouldBeJsonOrError(Translating.ChatToMessages(body), body);
                if (new MessagesOperation().Read(bytes).Error is null)
                    ShouldBeJsonOrError(Translating.MessagesToChat(body, sample.Engine), body);
            }
        }
    }

    [Fact]
    public void An_answer_in_pieces_is_said_or_not_read()
    {
        var random = new Random(21);
        foreach (var json in TranslationSamples.ChatAnswers.Values.Concat(TranslationSamples.MessageAnswers.Values).Select(s => s.Json))
        {
            for (var round = 0; round < Rounds / 10; round++)
            {
                var body = Mutated(json, random);
                foreach (var codec in new TranslatedAnswers[] { MessagesFromChat.Codec, ChatFromMessages.Codec, CountFromTokenize.Codec })
                {
                    var (text, _, _) = Translating.Answer(codec, body);
                    if (text.Length > 0)
                        ShouldBeJson(text, body);
                }
            }
        }
    }

    [Theory]
    [InlineData("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\",\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1}}\n\ndata: [DONE]\n\n")]
    [InlineData("data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":1}}}\n\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":1}}}\n\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}}\n\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}\n\ndata: {\"type\":\"message_stop\"}\n\n")]
    public void A_stream_in_pieces_is_events_all_the_same(string source)
    {
        var random = new Random(22);
        for (var round = 0; round < Rounds; round++)
        {
            var stream = Mutated(source, random);
            foreach (var policy in new Func<AnswerMeter, EventPolicy>[] { m => new MessageEventsFromChat(Translating.Context, m), m => new ChatEventsFromMessages(Translating.Context, m) })
            {
                var (text, _) = Streams.Run(stream, policy, new());
                foreach (var data in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split("data: ")[1]).Where(d => d != "[DONE]"))
                    ShouldBeJson(data, stream);
            }
        }
    }

    private static void ShouldBeJsonOrError(Translated translated, string source)
    {
        if (translated.Error is null)
            ShouldBeJson(translated.Text, source);
        else
            translated.Error.Status.ShouldBe(400, source);
    }

    private static void ShouldBeJson(string text, string source)
    {
        try
        {
            using var _ = JsonDocument.Parse(text, new() { MaxDepth = 300 });
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"{source}\nbecame\n{text}", e);
        }
    }

    /// <summary>Some values changed for others, or some characters.</summary>
    private static string Mutated(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(result.Length);
            var current = result.ToString();
            var (start, end) = ValueAt(current, at);
            if (start >= 0 && random.Next(4) > 0)
                result.Remove(start, end - start).Insert(start, Tokens[random.Next(Tokens.Length)]);
            else if (random.Next(2) == 0)
                result.Remove(at, 1);
            else
                result.Insert(at, current[random.Next(current.Length)]);
        }
        return result.ToString();
    }

    /// <summary>The value that begins behind the next colon; one that nests is left alone.</summary>
    private static (int Start, int End) ValueAt(string text, int from)
    {
        var start = text.IndexOf("\":", from, StringComparison.Ordinal) + 2;
        if (start < 2 || start >= text.Length || text[start] is '{' or '[')
            return (-1, -1);
        var end = text.IndexOfAny([',', '}', ']'], start);
        return end < 0 ? (-1, -1) : (start, end);
    }
}
