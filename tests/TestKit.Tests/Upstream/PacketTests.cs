using System.Text;
using Platform.TestKit.Clients;
using Platform.TestKit.Streams;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Tests.Upstream;

/// <summary>Where packets begin and end, seen by a raw socket.</summary>
public sealed class PacketTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes("Grüße aus 東京 🗼");

    [Fact]
    public async Task Each_single_byte_is_a_read_of_its_own()
    {
        var answer = Encoding.UTF8.GetBytes("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
        await using var upstream = ScriptedUpstream.Start(Script.Empty.RawEvery(1, answer, Pace.UntilRead).Close());

        var reads = await ReadsAsync(upstream);

        reads.Select(r => r.Length).ShouldAllBe(n => n == 1);
        reads.SelectMany(r => r).ShouldBe(answer);
    }

    [Fact]
    public async Task Pieces_begin_at_the_offsets_that_were_asked_for()
    {
        var script = Script.Answer(200, Framing.OfLength(Text.Length)).WriteAt([3, 4, 11], Text, Pace.UntilRead).Finish();
        await using var upstream = ScriptedUpstream.Start(script with { Steps = script.Steps.Insert(1, new ScriptStep.StallFor(TimeSpan.FromMilliseconds(200))) });

        var reads = await ReadsAsync(upstream, t => t.EndsWith("🗼", StringComparison.Ordinal));

        reads.Skip(1).Select(r => r.Length).ShouldBe([3, 1, 7, Text.Length - 11]);
    }

    [Fact]
    public async Task A_pause_lies_between_two_pieces()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Stream().WriteEvery(10, Text, Pace.Of(TimeSpan.FromMilliseconds(150))));

        var reads = await ReadsAsync(upstream, t => t.EndsWith("0\r\n\r\n", StringComparison.Ordinal));

        reads.Count.ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public async Task Each_event_of_a_stream_is_a_chunk_of_its_own()
    {
        var events = OpenAiWire.ChatEvents(AnswerSample.Greeting);
        await using var upstream = ScriptedUpstream.Start(Script.Events(events, Pace.UntilRead));

        var text = string.Concat((await ReadsAsync(upstream, t => t.EndsWith("0\r\n\r\n", StringComparison.Ordinal))).Select(Encoding.UTF8.GetString));

        text.ShouldStartWith("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n");
        text.ShouldContain($"\r\n{events[0].ToBytes().Length:x}\r\ndata: {{");
        text.ShouldEndWith("\r\ne\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");
    }

    [Fact]
    public async Task A_huge_event_has_the_size_that_was_asked_for()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Stream().HugeEvent(3_000_000));
        using var http = new HttpClient();

        var events = SseText.Parse(await http.GetByteArrayAsync(upstream.Url, TestContext.Current.CancellationToken));

        events.Rest.ShouldBeEmpty();
        events.Data.ShouldHaveSingleItem().Length.ShouldBe(3_000_000 + "{\"huge\":\"\"}".Length);
    }

    [Fact]
    public async Task Every_split_of_an_answer_joins_to_the_same_bytes()
    {
        var body = SseText.Join(AnthropicWire.MessageEvents(AnswerSample.ToolCalls));
        var splits = Splits.Some(body.Length, count: 20, seed: 7).Append(Splits.Every(100, body.Length)).ToList();
        var next = -1;
        await using var upstream = ScriptedUpstream.Start(_ => Script.Stream().WriteAt(splits[Interlocked.Increment(ref next)], body, Pace.UntilRead));
        using var http = new HttpClient();

        foreach (var _ in splits)
            (await http.GetByteArrayAsync(upstream.Url, TestContext.Current.CancellationToken)).ShouldBe(body);

        upstream.Connections.ShouldBe(1);
        upstream.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Heads_and_chunks_may_be_cut_as_well_as_events()
    {
        var events = OpenAiWire.ChatEvents(AnswerSample.Greeting);
        var answer = Script.Events(events).ToBytes();
        var splits = Splits.AllInTwo(answer.Length).Where(s => s[0] % 40 == 0 || s[0] < 200).Append(Splits.EveryByte(answer.Length)).ToList();
        var next = -1;
        await using var upstream = ScriptedUpstream.Start(_ => Script.Empty.RawAt(splits[Interlocked.Increment(ref next)], answer, Pace.UntilRead));
        using var http = new HttpClient();

        foreach (var _ in splits)
            (await http.GetByteArrayAsync(upstream.Url, TestContext.Current.CancellationToken)).ShouldBe(SseText.Join(events));

        upstream.Connections.ShouldBe(1);
        upstream.Requests.ShouldAllBe(r => r.HungUpAt == null);
    }

    private static async Task<IReadOnlyList<byte[]>> ReadsAsync(ScriptedUpstream upstream, Predicate<string>? enough = null)
    {
        using var client = await RawClient.ConnectAsync(upstream.Url);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
        return await client.ReadAllAsync(enough);
    }
}
