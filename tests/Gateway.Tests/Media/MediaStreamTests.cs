using System.Text;
using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.Media;
using Platform.Gateway.Requests;
using Platform.TestKit.Streams;
using Platform.TestKit.Wire;
using Splits = Platform.Gateway.Tests.World.Splits;

namespace Platform.Gateway.Tests.Media;

/// <summary>Streams of sound, of images and of what was heard, however their bytes arrive.</summary>
public sealed class MediaStreamTests
{
    private static readonly BufferBudget Budget = new(new());

    [Fact]
    public void What_was_heard_ends_with_its_count()
    {
        var text = Text(MediaWire.TranscriptionEvents(["caf\u00e9 ", "\ud83d\uddfc"], new(14, 45) { AudioInput = 10 }));

        Splits.ShouldNotMatter(text + "data: {\"late\":1}\n\n", m => new MediaEvents(m, Budget), text, meter =>
        {
            meter.Usage.ShouldBe(new UsageCount(14, 45, 0, 0, 0, 10));
            (meter.UsageIsFinal, meter.TextChunks, meter.AudioSeconds).ShouldBe((true, 2, null));
        });
    }

    [Fact]
    public void Seconds_are_a_count_too()
    {
        const string Whole = "data: {\"type\":\"transcript.text.done\",\"text\":\"x\",\"usage\":{\"type\":\"duration\",\"seconds\":7.5}}\n\n";

        Splits.ShouldNotMatter(Whole, m => new MediaEvents(m, Budget), Whole, meter => (meter.Usage, meter.AudioSeconds, meter.UsageIsFinal).ShouldBe((null, 7.5, true)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void VLLMs_own_chunks_are_counted_by_their_last_which_only_goes_to_who_asked(bool hidden)
    {
        const string Begin =
            "data: {\"id\":\"trsc-1\",\"object\":\"transcription.chunk\",\"choices\":[{\"delta\":{\"content\":\" So\"}}]}\n\n"
            + "data: {\"object\":\"transcription.chunk\",\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\"}]}\n\n";
        const string Count = "data: {\"object\":\"transcription.chunk\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}\n\n";
        const string Done = "data: [DONE]\n\n";

        Splits.ShouldNotMatter(Begin + Count + Done, m => new MediaEvents(m, Budget, hidden), Begin + (hidden ? "" : Count) + Done, meter =>
            (meter.Usage, meter.UsageIsFinal, meter.FinishReason, meter.TextChunks).ShouldBe((new UsageCount(5, 2, 0, 0, 0, 0), true, "stop", 1)));
    }

    [Fact]
    public void Sound_ends_with_its_count()
    {
        var text = Text(MediaWire.SpeechEvents([[1, 2, 3]], new(14, 101)));

        Splits.ShouldNotMatter(text, m => new MediaEvents(m, Budget), text, meter =>
            (meter.Usage, meter.UsageIsFinal, meter.TextChunks).ShouldBe((new UsageCount(14, 101, 0, 0, 0, 0), true, 0)));
    }

    [Fact]
    public void The_last_image_is_kept_back_and_those_before_it_are_not()
    {
        var one = Text(MediaWire.ImageEvents(1, new(9, 100)));
        var last = one.LastIndexOf("event:", StringComparison.Ordinal);

        Splits.ShouldNotMatter(one + ": comment\n\n" + one, m => new MediaEvents(m, Budget), one[..last] + ": comment\n\n" + one[last..] + one[..last], meter =>
        {
            meter.Usage.ShouldBe(new UsageCount(18, 200, 0, 0, 0, 0));
            (meter.Images, meter.UsageIsFinal).ShouldBe((2, true));
        });
    }

    [Fact]
    public void What_was_kept_back_comes_with_the_end()
    {
        var one = Text(MediaWire.ImageEvents(0, new(9, 100)));
        using var policy = new MediaEvents(new AnswerMeter(), Budget);
        var output = new System.Buffers.ArrayBufferWriter<byte>();

        policy.Process(Encoding.UTF8.GetBytes(one), output).ShouldBe(EventVerdict.Passed);

        (policy.IsComplete, policy.OwesLast, output.WrittenCount).ShouldBe((true, true, 0));
        policy.WriteLast(output);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(one);
    }

    [Theory]
    [InlineData("data: {\"error\":null,\"type\":\"transcript.text.delta\",\"delta\":\"x\"}\n\n", false)]
    [InlineData("data: {\"error\":{\"message\":\"x\"}}\n\n", true)]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"message\":\"x\"}\n\n", true)]
    [InlineData("data: {\"type\":7,\"usage\":[],\"data\":{},\"text\":[1],\"duration\":\"x\"}\n\n", false)]
    [InlineData("data: no json\n\n", false)]
    public void What_is_no_part_of_an_answer_passes_too(string text, bool isError) =>
        Splits.ShouldNotMatter(text, m => new MediaEvents(m, Budget), text, meter => meter.HasError.ShouldBe(isError));

    private static string Text(IEnumerable<Platform.TestKit.Streams.SseEvent> events) => Encoding.UTF8.GetString(SseText.Join(events));
}
