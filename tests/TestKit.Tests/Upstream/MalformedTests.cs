using System.Text.Json;
using Platform.TestKit.Clients;
using Platform.TestKit.Streams;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Tests.Upstream;

/// <summary>Answers that are proper HTTP and broken inside, and those that only a strict reader refuses.</summary>
public sealed class MalformedTests
{
    private static readonly IReadOnlyList<SseEvent> Events = OpenAiWire.ChatEvents(AnswerSample.Greeting);

    [Fact]
    public async Task Cut_JSON_is_whole_HTTP()
    {
        var body = await BodyAsync(Malformed.CutJson(OpenAiWire.Chat(AnswerSample.Greeting)));

        body.ShouldStartWith("{\"id\":\"chatcmpl-");
        Should.Throw<JsonException>(() => JsonDocument.Parse(body));
    }

    [Fact]
    public async Task A_page_comes_where_JSON_was_due() => (await BodyAsync(Malformed.Html())).ShouldStartWith("<html>");

    [Fact]
    public async Task One_event_among_good_ones_is_broken()
    {
        var read = SseText.Parse(await BodyAsync(Malformed.EventData(Events.Take(3), Events.Skip(3))));

        read.Events.Count.ShouldBe(Events.Count + 1);
        Should.Throw<JsonException>(() => JsonDocument.Parse(read.Events[3].Data!));
    }

    [Fact]
    public async Task The_last_event_is_cut()
    {
        var read = SseText.Parse(await BodyAsync(Malformed.CutEvent(Events)));

        read.Events.Count.ShouldBe(Events.Count - 1);
        read.Rest.ShouldBe("data: [");
    }

    [Fact]
    public async Task Two_lengths_are_sent_as_they_are()
    {
        await using var upstream = ScriptedUpstream.Start(Malformed.TwoLengths);
        using var client = await RawClient.ConnectAsync(upstream.Url);
        await client.SendAsync(RawClient.Post("/", "{}"));

        (await client.ReadTextAsync()).ShouldBe("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 5\r\n\r\n{}   ");
    }

    private static async Task<string> BodyAsync(Script script)
    {
        await using var upstream = ScriptedUpstream.Start(script);
        using var http = new HttpClient();
        return await http.GetStringAsync(upstream.Url, TestContext.Current.CancellationToken);
    }
}
