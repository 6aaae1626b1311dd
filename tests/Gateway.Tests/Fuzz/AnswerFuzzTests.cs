using System.Buffers;
using System.Text.Json;
using Platform.Gateway.Answers;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Requests;
using Platform.Gateway.Tests.Translation;
using Platform.Gateway.Translation;
using Platform.TestKit.Wire;

namespace Platform.Gateway.Tests.Fuzz;

/// <summary>Whatever an engine answers, it is read, said anew or refused.</summary>
public sealed class AnswerFuzzTests
{
    private static readonly AnswerSample Sample = AnswerSample.Thinking with { Text = AnswerSample.Greeting.Text, Tools = AnswerSample.ToolCalls.Tools };

    private static readonly byte[][] Answers =
    [
        OpenAiWire.Chat(Sample), OpenAiWire.Completion(AnswerSample.Greeting), OpenAiWire.Embeddings(2, 4, 9), OpenAiWire.Moderation("violence"), AnthropicWire.Message(Sample),
        AnthropicWire.TokenCount(3), ResponsesWire.Response(Sample), ResponsesWire.InputTokens(4), VllmWire.Tokenize(1, 2, 3), MediaWire.Images(2, new(9, 8)),
        MediaWire.Transcription("x", 2.5), MediaWire.VerboseTranscription("x", 2.5), OpenAiErrors.ContextLength().Body, VllmWire.ContextLengthOld().Body, AnthropicErrors.PromptTooLong.Body,
    ];

    private static readonly IReadOnlyList<AnswerCodec> Codecs =
    [
        .. typeof(AnswerCodec).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(AnswerCodec)) && !t.IsAbstract)
            .Select(t => (AnswerCodec)t.GetField("Codec")!.GetValue(null)!),
    ];

    [Fact]
    public void A_spoilt_answer_is_an_answer_or_none()
    {
        Codecs.Count.ShouldBeGreaterThan(8);
        for (var i = 0; i < Answers.Length; i++)
        {
            var (seed, mutator) = (2000 + i, new Mutator(2000 + i));
            for (var round = Mutator.Rounds(300); round > 0; round--)
            {
                var bytes = mutator.Mutated(Answers[i]);
                foreach (var codec in Codecs)
                    Fuzzing.Try(codec.GetType().Name, seed, bytes, () => Check(codec, bytes));
            }
        }
    }

    private static void Check(AnswerCodec codec, byte[] bytes)
    {
        var meter = new AnswerMeter();
        codec.Read(bytes, meter);
        codec.IsRefusal(bytes);
        codec.RefusalOf(400, bytes)?.Message.ShouldNotBeEmpty();
        MissingPath.IsMeant(404, bytes);
        ContextLength.IsMeant(400, bytes);
        var isWhole = JsonText.IsWhole(bytes);
        if (codec is not TranslatedAnswers translated)
            return;
        var output = new ArrayBufferWriter<byte>();
        if (!translated.TryWrite(bytes, Translating.Context, meter, output, new Findings()))
            return;
        isWhole.ShouldBeTrue();
        using var json = JsonDocument.Parse(output.WrittenMemory, new() { MaxDepth = 1024 });
        json.RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
    }
}
