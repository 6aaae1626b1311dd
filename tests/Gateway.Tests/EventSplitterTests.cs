using System.Buffers;
using System.Text;
using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.Anthropic;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Requests;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class EventSplitterTests
{
    private const string Word = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}";
    private const string Usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}";

    private static readonly string[] Parts = ["a", "data: b", "\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\r\r"];

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Lines_end_as_they_like(string end)
    {
        var stream = $"{Word}{end}{end}: note{end}{end}event: x{end}{Word}{end}{end}{Usage}{end}{end}data: [DONE]{end}{end}";

        Splits.ShouldNotMatter(
            stream,
            m => new ChatEvents(new(true, false), m),
            stream[..^(12 + (2 * end.Length))].Replace("null}]}", "null}],\"usage\":null}") + "data: [DONE]\n\n",
            m => (m.Usage, m.UsageIsFinal, m.Unread, m.TextChunks).ShouldBe((new UsageCount(5, 2, 0, 0, 0, 0), true, 0, 2L)));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void The_last_event_is_whole_however_its_bytes_come(string end)
    {
        var stream = $"event: message_stop{end}data: {{\"type\":\"message_stop\"}}{end}{end}";

        Splits.ShouldNotMatter(stream, m => new MessagesEvents(m), stream, m => m.Unread.ShouldBe(0));
    }

    [Fact]
    public void An_event_with_bare_line_ends_waits_for_nothing_behind_it()
    {
        var splitter = default(EventSplitter);

        splitter.Next("data: x\r"u8).ShouldBe(0);
        splitter.Next("data: x\r\r"u8).ShouldBe(9);
    }

    [Fact]
    public void Any_bytes_in_any_pieces_are_the_events_that_a_browser_would_see()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Parts[random.Next(Parts.Length)])) + "z"; // what a CR at the end is shows with what follows

            var (events, bytes) = Cut(text, random);

            bytes.ShouldBe(text, $"seed {seed}");
            events.ShouldBe(Expected(text), $"seed {seed}");
        }
    }

    [Fact]
    public void A_byte_order_mark_belongs_to_no_event() =>
        Splits.ShouldNotMatter(
            "\ufeff" + Word + "\n\n" + Word + "\n\ndata: [DONE]\n\n", m => new ChatEvents(new(false, false), m), Word + "\n\n" + Word + "\n\ndata: [DONE]\n\n", m => m.TextChunks.ShouldBe(2));

    [Fact]
    public void An_event_with_data_in_several_lines_passes_unread_and_the_count_before_it_is_partial()
    {
        const string Ended = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n";
        const string Several = "data: {\"choices\":[],\ndata: \"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n\n";

        var (text, meter) = Run(Ended + Several);

        text.ShouldEndWith(Several);
        (meter.UsageIsFinal, meter.Unread, meter.Usage!.Value.Output).ShouldBe((false, 1, 1L));
    }

    [Theory]
    [InlineData("data:\n\n")]
    [InlineData("data: \n\n")]
    [InlineData(": ping\n\n")]
    [InlineData("event: ping\n\n")]
    [InlineData("\n")]
    public void An_event_without_data_says_nothing(string empty)
    {
        var (text, meter) = Run(Usage + "\n\n" + empty);

        text.ShouldEndWith(empty);
        (meter.UsageIsFinal, meter.Unread).ShouldBe((true, 0));
    }

    [Fact]
    public void A_last_word_behind_an_unread_event_is_the_last_word()
    {
        var (_, meter) = Run("data: {\ndata: }\n\n" + Usage + "\n\n");

        (meter.UsageIsFinal, meter.Unread).ShouldBe((true, 1));
    }

    [Fact]
    public void A_stream_of_what_cannot_be_read_is_looked_at_no_more()
    {
        var (text, meter) = Run(string.Concat(Enumerable.Repeat("data: {x\n\n", 100)) + Usage + "\n\n: a comment\n\n");
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var policy = new ChatEvents(new(false, false), meter);
        using var output = new PooledWriter(new(new()));
        for (var i = 0; i < 1000; i++)
        {
            policy.Process("data: {x\n\n"u8, output);
            output.Clear();
        }

        text.Length.ShouldBeGreaterThan(1000);
        (meter.Usage, meter.Unread).ShouldBe((null, 1101));
        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBeLessThan(50_000); // an exception for each takes more than that
    }

    [Fact]
    public void What_a_stream_holds_counts_in_the_budget_and_is_given_back_after_a_large_event()
    {
        var budget = new BufferBudget(new() { MaxBufferedMegabytes = 1 });
        using var output = new PooledWriter(budget);
        using (var stream = new EventStream(new ChatEvents(new(false, false), new()), 4 * 1024 * 1024, budget))
        {
            Feed(stream, output, Encoding.UTF8.GetBytes("data: " + new string('x', 200_000) + "\n\n"));
            output.WrittenCount.ShouldBe(200_008);
            budget.Used.ShouldBeInRange(200_000, 1024 * 1024);
            output.Clear();

            (stream.Capacity, output.Capacity, budget.Used).ShouldBe((0, 0, 0L));
            Feed(stream, output, Encoding.UTF8.GetBytes("data: " + new string('x', 2_000_000))).ShouldBeFalse();
            stream.IsStarved.ShouldBeTrue();
        }
        budget.Used.ShouldBe(0);
    }

    /// <summary>The lines of the events that have any, and all bytes as they went on.</summary>
    private static (List<string> Events, string Bytes) Cut(string text, Random random)
    {
        var (splitter, events, passed, start) = (default(EventSplitter), new List<string>(), "", 0);
        for (var end = 0; end < text.Length;)
        {
            end = Math.Min(text.Length, end + random.Next(1, 6));
            while (splitter.Next(Encoding.ASCII.GetBytes(text[start..end])) is var length and > 0)
            {
                events.Add(Lines(text.Substring(start, length)).TrimEnd('\n'));
                passed += text.Substring(start, length);
                start += length;
            }
        }
        return ([.. events.Where(e => e.Length > 0)], passed + text[start..]);
    }

    /// <summary>What is behind the last empty line is no event.</summary>
    private static IEnumerable<string> Expected(string text)
    {
        var lines = Lines(text);
        var last = lines.LastIndexOf("\n\n", StringComparison.Ordinal);
        var whole = last < 0 ? "" : lines[..last];
        return whole.Split("\n\n").Select(e => e.Trim('\n')).Where(e => e.Length > 0);
    }

    private static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>False where there was no space for all of it.</summary>
    private static bool Feed(EventStream stream, IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var space = stream.Space().Span;
            if (space.IsEmpty)
                return false;
            var count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            bytes = bytes[count..];
            stream.Advance(count, output);
        }
        return true;
    }

    private static (string Text, AnswerMeter Meter) Run(string text)
    {
        var meter = new AnswerMeter();
        using var stream = new EventStream(new ChatEvents(new(true, false), meter), 1024 * 1024);
        var output = new ArrayBufferWriter<byte>();
        Feed(stream, output, Encoding.UTF8.GetBytes(text)).ShouldBeTrue();
        return (Encoding.UTF8.GetString(output.WrittenSpan), meter);
    }
}
