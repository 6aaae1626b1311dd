using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Gateway.Answers;
using Platform.Gateway.Tests.World;
using Platform.Gateway.Translation;

namespace Platform.Gateway.Tests.Translation;

/// <summary>A chat completion's stream as a message's, however its bytes arrive.</summary>
public sealed class StreamsToMessagesTests
{
    private const string Head = """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":""";
    private const string Finished = ""","finish_reason":""";

    private static readonly string Start = Chunk("""{"role":"assistant","content":""}""");

    private static readonly string Started = Event("message_start",
        """ "message":{"id":"chatcmpl-1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}} """.Trim());

    [Fact]
    public void Thoughts_text_and_calls_of_tools_are_blocks_one_behind_the_other() =>
        Splits.ShouldNotMatter(
            Start
            + Chunk("""{"reasoning_content":"hm\n"}""") + Chunk("""{"content":"caf\u00e9 "}""") + ": keep-alive\n\n" + Chunk("""{"content":"世界"}""")
            + Chunk("""{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}]}""")
            + Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]}""") + Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}""")
            + Chunk("""{"tool_calls":[{"index":1,"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]}""")
            + Chunk("{}", "tool_calls") + Usage(20, 9, 8) + "data: [DONE]\n\n" + Chunk("""{"content":"late"}"""),
            New,
            Started
            + Block(0, """{"type":"thinking","thinking":"","signature":""}""") + Delta(0, """{"type":"thinking_delta","thinking":"hm\n"}""") + Stop(0)
            + Block(1, """{"type":"text","text":""}""") + Delta(1, """{"type":"text_delta","text":"caf\u00e9 "}""") + Delta(1, """{"type":"text_delta","text":"世界"}""") + Stop(1)
            + Block(2, """{"type":"tool_use","id":"c1","name":"f","input":{}}""") + Delta(2, """{"type":"input_json_delta","partial_json":"{\"a\":"}""") + Delta(2, """{"type":"input_json_delta","partial_json":"1}"}""") + Stop(2)
            + Block(3, """{"type":"tool_use","id":"c2","name":"g","input":{}}""") + Delta(3, """{"type":"input_json_delta","partial_json":"{}"}""") + Stop(3)
            + End("tool_use", 12, 8, 9),
            meter =>
            {
                meter.Usage.ShouldBe(new UsageCount(20, 9, 8, 0, 0, 0));
                (meter.UsageIsFinal, meter.FinishReason, meter.HasError).ShouldBe((true, "tool_calls", false));
            });

    [Theory]
    [InlineData("stop", "null", "end_turn", "null")]
    [InlineData("stop", "\"END\"", "stop_sequence", "\"END\"")]
    [InlineData("stop", "128009", "end_turn", "null")]
    [InlineData("length", "null", "max_tokens", "null")]
    [InlineData("content_filter", "null", "refusal", "null")]
    [InlineData("something_new", "null", "end_turn", "null")]
    public void Why_it_ended_is_said_in_the_other_dialect(string finish, string stopReason, string expected, string sequence)
    {
        var last = Head + "{}" + Finished + $"\"{finish}\",\"stop_reason\":{stopReason}}}]}}";

        Splits.ShouldNotMatter(
            Start + "data: " + last + "\n\ndata: [DONE]\n\n", New, Started + End(expected, 0, 0, 0, sequence), m => m.FinishReason.ShouldBe(finish));
    }

    [Fact]
    public void A_refusal_is_text_and_the_reason_of_the_end() =>
        Splits.ShouldNotMatter(
            Start + Chunk("""{"refusal":"no"}""") + Chunk("{}", "stop") + "data: [DONE]\n\n", New,
            Started + Block(0, """{"type":"text","text":""}""") + Delta(0, """{"type":"text_delta","text":"no"}""") + Stop(0) + End("refusal", 0, 0, 0), _ => { });

    [Fact]
    public void What_is_counted_at_the_start_is_said_there() =>
        Splits.ShouldNotMatter(
            "data: " + Head + """{"role":"assistant"},"finish_reason":null}],"usage":{"prompt_tokens":7,"completion_tokens":0,"total_tokens":7}}""" + "\n\ndata: [DONE]\n\n", New,
            Started.Replace("\"input_tokens\":0", "\"input_tokens\":7", StringComparison.Ordinal) + End("end_turn", 7, 0, 0), m => m.UsageIsFinal.ShouldBeFalse());

    [Theory]
    [InlineData("""{"error":{"message":"too \"long\"","type":"invalid_request_error","param":null,"code":400}}""", "invalid_request_error", "too \"long\"")]
    [InlineData("""{"error":{"message":"busy","type":"server_error","code":"server_is_overloaded"}}""", "overloaded_error", "busy")]
    [InlineData("""{"error":{"message":"broken"}}""", "api_error", "broken")]
    [InlineData("""{"error":"what"}""", "api_error", "The model server failed to answer.")]
    [InlineData("not json", "api_error", "The model server failed to answer.")]
    [InlineData("""{"choices":[{"delta":{"content":"\ud800"}}]}""", "api_error", "The model server failed to answer.")]
    public void An_error_is_told_as_the_dialect_has_it_and_is_the_end(string data, string type, string message) =>
        Splits.ShouldNotMatter(
            Start + $"data: {data}\n\n" + Chunk("""{"content":"late"}""") + "data: [DONE]\n\n", New,
            Started + $"event: error\ndata: {new JsonObject
            {
                ["type"] = "error",
                ["error"] = new JsonObject { ["type"] = type, ["message"] = message },
                ["request_id"] = Translating.Context.Id.ToString(),
            }.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })}\n\n",
            meter => meter.HasError.ShouldBeTrue());

    [Fact]
    public void A_stream_without_its_last_event_ends_as_the_dialect_ends()
    {
        var meter = new AnswerMeter();
        var (text, policy) = Streams.Run(Start + Chunk("{}", "stop"), m => New(m), meter);

        text.ShouldBe(Started + End("end_turn", 0, 0, 0));
        (policy.IsComplete, policy.OwesLast).ShouldBe((true, true));
    }

    [Fact]
    public void A_stream_that_was_cut_owes_nothing()
    {
        var (_, policy) = Streams.Run(Start + Chunk("""{"content":"x"}"""), m => New(m), new());

        (policy.IsComplete, policy.OwesLast).ShouldBe((false, false));
    }

    /// <summary>Random streams, with calls of tools that take turns: what the caller puts together is what the model wrote.</summary>
    [Fact]
    public void Text_and_arguments_are_those_of_the_source()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var source = new StringBuilder(Start);
            var (text, arguments) = (new StringBuilder(), new SortedDictionary<int, StringBuilder>());
            for (var i = random.Next(20); i > 0; i--)
            {
                var piece = Streams.Piece(random);
                var quoted = JsonSerializer.Serialize(piece);
                if (random.Next(2) == 0)
                {
                    text.Append(piece);
                    source.Append(Chunk($$"""{"content":{{quoted}}}"""));
                    continue;
                }
                var call = random.Next(arguments.Count + 1);
                var begins = !arguments.TryGetValue(call, out var all);
                (all ??= arguments[call] = new()).Append(piece);
                source.Append(Chunk($$$"""{"tool_calls":[{"index":{{{call}}}{{{(begins ? $",\"id\":\"c{call}\"" : "")}}},"function":{ {{{(begins ? "\"name\":\"f\"," : "")}}}"arguments":{{{quoted}}} }}]}"""));
            }

            var (translated, _) = Streams.Run(source + Chunk("{}", "stop") + "data: [DONE]\n\n", m => New(m), new());

            var events = Streams.Data(translated);
            Streams.Joined(events, "text").ShouldBe(text.ToString());
            var blocks = events.Where(e => (string?)e["content_block"]?["type"] == "tool_use").ToDictionary(e => (string)e["content_block"]!["id"]!, e => (int)e["index"]!);
            foreach (var (call, all) in arguments)
                string.Concat(events.Where(e => (int?)e["index"] == blocks[$"c{call}"] && e["delta"] is not null).Select(e => (string?)e["delta"]!["partial_json"])).ShouldBe(all.ToString());
            events.Where(e => e["content_block"] is not null).Select(e => (int)e["index"]!).ShouldBe(Enumerable.Range(0, events.Count(e => e["content_block"] is not null)));
        }
    }

    private static MessageEventsFromChat New(AnswerMeter meter) => new(Translating.Context, meter);

    private static string Chunk(string delta, string? finish = null) =>
        $"data: {Head}{delta}{Finished}{(finish is null ? "null" : $"\"{finish}\"")}}}]}}\n\n";

    private static string Usage(int input, int output, int cached) =>
        $"data: {{\"id\":\"chatcmpl-1\",\"choices\":[],\"usage\":{{\"prompt_tokens\":{input},\"completion_tokens\":{output},\"prompt_tokens_details\":{{\"cached_tokens\":{cached}}}}}}}\n\n";

    private static string Event(string name, string members) => $"event: {name}\ndata: {{\"type\":\"{name}\"{(members.Length > 0 ? "," : "")}{members}}}\n\n";

    private static string Block(int index, string block) => Event("content_block_start", $"\"index\":{index},\"content_block\":{block}");

    private static string Delta(int index, string delta) => Event("content_block_delta", $"\"index\":{index},\"delta\":{delta}");

    private static string Stop(int index) => Event("content_block_stop", $"\"index\":{index}");

    private static string End(string reason, int input, int cached, int output, string sequence = "null") =>
        Event("message_delta", $"\"delta\":{{\"stop_reason\":\"{reason}\",\"stop_sequence\":{sequence}}},\"usage\":{{\"input_tokens\":{input},\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":{cached},\"output_tokens\":{output}}}")
        + Event("message_stop", "");
}
