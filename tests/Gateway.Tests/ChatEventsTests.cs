using System.Buffers;
using System.Text;
using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.OpenAi;

namespace Platform.Gateway.Tests;

public sealed class ChatEventsTests
{
    private const string Role = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]";
    private const string Word = "data: { \"id\" : \"c\", \"choices\":[{\"index\":0,\"delta\":{\"content\":\"h\u00e9\\n}\\\"usage\\\"\"},\"finish_reason\":null}]";
    private const string Last = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]";
    private const string Final = "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}\n\n";
    private const string Comment = ": ping\n\n";
    private const string Done = "data: [DONE]\n\n";

    /// <summary>What vLLM sends when it is asked for continuous usage.</summary>
    private static readonly string Continuous =
        Role + ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":0,\"total_tokens\":5}}\n\n" + Comment
        + Word + ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1,\"total_tokens\":6} }\r\n\r\n"
        + Last + ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}\n\n" + Final + Done;

    private static readonly string Bare = Role + "}\n\n" + Comment + Word + " }\r\n\r\n" + Last + "}\n\n";
    private static readonly string WithNull =
        Role + ",\"usage\":null}\n\n" + Comment + Word + ",\"usage\":null }\r\n\r\n" + Last + ",\"usage\":null}\n\n";

    public static TheoryData<string, bool, bool, string> Streams => new()
    {
        // engine's bytes, caller asked, we added continuous usage, caller's bytes
        { Continuous, false, true, Bare },
        { Continuous, true, true, WithNull + Final },
        { Continuous, true, false, Continuous[..^Done.Length] },
        { WithNull + Final + Done, false, false, Bare },
        { WithNull + Final + Done, true, false, WithNull + Final },
        { Bare.Replace(" }\r\n\r\n", "}\r\n\r\n") + Final + Done, true, false, WithNull.Replace(" }\r\n\r\n", "}\r\n\r\n") + Final },
        { WithNull + Final + Final + Done, true, false, WithNull + Final },
        { "data: { }\n\ndata: {\"usage\":null}\n\n" + WithNull + Final + Done, false, false, "data: { }\n\ndata: {}\n\n" + Bare },
        { "data: { }\n\ndata: {}\n\n" + WithNull + Final + Done, true, false, "data: { \"usage\":null}\n\ndata: {\"usage\":null}\n\n" + WithNull + Final },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void The_caller_sees_what_it_asked_for_however_the_bytes_arrive(string engine, bool asked, bool added, string caller)
    {
        var bytes = Encoding.UTF8.GetBytes(engine);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var (text, stream) = Run(new(asked, added), bytes[..split], bytes[split..]);
            text.ShouldBe(caller, $"split at {split}");
            stream.IsDone.ShouldBeTrue();
            stream.Policy.Meter.UsageIsFinal.ShouldBeTrue();
            stream.Policy.Meter.Usage.ShouldBe(new UsageCount(5, 2, 0, 0, 0, 0));
            stream.Policy.Meter.FinishReason.ShouldBe("stop");
        }
        Run(new(asked, added), [.. bytes.Select(b => (byte[])[b])]).Text.ShouldBe(caller);
    }

    [Theory]
    [InlineData("{\"usage\":null,\"choices\":[{}]}", "{\"choices\":[{}]}")]
    [InlineData("{ \"usage\" : null , \"choices\":[{}]}", "{  \"choices\":[{}]}")]
    [InlineData("{\"choices\":[{}] , \"usage\":null}", "{\"choices\":[{}] }")]
    [InlineData("{\"choices\":[{}],\"\\u0075sage\":null,\"z\":1}", "{\"choices\":[{}],\"z\":1}")]
    [InlineData("{\"usage\":null}", "{}")]
    [InlineData("{\"error\":null,\"choices\":[{}],\"usage\":null}", "{\"error\":null,\"choices\":[{}]}")]
    public void Usage_is_cut_out_with_exactly_one_comma(string chunk, string expected) =>
        Run(new(false, false), Encoding.UTF8.GetBytes($"data: {chunk}\n\n")).Text.ShouldBe($"data: {expected}\n\n");

    [Theory]
    [InlineData("null", false)]
    [InlineData("{\"message\":\"x\"}", true)]
    [InlineData("\"x\"", true)]
    public void An_error_that_is_null_is_none(string error, bool isOne) =>
        Run(new(false, false), Encoding.UTF8.GetBytes($"data: {{\"choices\":[{{}}],\"error\":{error}}}\n\n")).Stream.Policy.Meter.HasError.ShouldBe(isOne);

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"x\"},\"usage\":null}\n\n")]
    [InlineData("data: not json\n\n")]
    [InlineData("data:{\"choices\":[]}\n\n")]
    [InlineData("event: other\nid: 7\ndata: {\"choices\":[{}]}\n\n")]
    [InlineData("data: {\"choices\":[{}],\ndata: \"usage\":null}\n\n")]
    [InlineData("retry: 10\n\n")]
    [InlineData("\n")]
    [InlineData("data: {\"choices\":[{}]} {}\n\n")]
    public void What_needs_no_change_gets_none(string text) => Run(new(false, false), Encoding.UTF8.GetBytes(text)).Text.ShouldBe(text);

    [Fact]
    public void An_event_is_passed_on_before_the_next_one_comes() =>
        Run(new(false, false), Encoding.UTF8.GetBytes(Role + "}\n\n" + "data: {\"half")).Text.ShouldBe(Role + "}\n\n");

    [Fact]
    public void An_unfinished_stream_keeps_its_last_count_as_a_partial_one()
    {
        var (_, stream) = Run(new(false, true), Encoding.UTF8.GetBytes(Continuous[..Continuous.IndexOf(Last, StringComparison.Ordinal)]));

        stream.IsDone.ShouldBeFalse();
        stream.Policy.Meter.UsageIsFinal.ShouldBeFalse();
        stream.Policy.Meter.Usage!.Value.Output.ShouldBe(1);
        stream.Policy.Meter.TextChunks.ShouldBe(1);
    }

    [Fact]
    public void With_two_choices_the_count_goes_on_after_the_first_has_ended()
    {
        const string Ended = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":5}}\n\n";
        const string Other = "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":6}}\n\n";

        var (_, stream) = Run(new(false, true), Encoding.UTF8.GetBytes(Ended + Other));

        stream.Policy.Meter.UsageIsFinal.ShouldBeFalse();
        stream.Policy.Meter.Usage!.Value.Output.ShouldBe(6);
    }

    [Fact]
    public void An_event_longer_than_the_bound_leaves_no_space()
    {
        using var stream = new EventStream(new ChatEvents(new(false, false), new()), maxEventBytes: 32 * 1024);
        var output = new ArrayBufferWriter<byte>();
        var taken = 0;
        while (stream.Space() is { Length: > 0 } space)
        {
            space.Span.Fill((byte)'a');
            stream.Advance(space.Length, output);
            taken += space.Length;
        }
        taken.ShouldBeInRange(32 * 1024, 64 * 1024);
        output.WrittenCount.ShouldBe(0);
    }

    private static (string Text, EventStream Stream) Run(StreamRules rules, params byte[][] pieces)
    {
        using var stream = new EventStream(new ChatEvents(rules, new()), 1024 * 1024);
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in pieces)
        {
            for (var rest = piece.AsSpan(); rest.Length > 0 && !stream.IsDone;)
            {
                var space = stream.Space().Span;
                var count = Math.Min(space.Length, rest.Length);
                rest[..count].CopyTo(space);
                rest = rest[count..];
                stream.Advance(count, output);
            }
        }
        return (Encoding.UTF8.GetString(output.WrittenSpan), stream);
    }
}
