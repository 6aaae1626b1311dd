using System.Text;
using System.Text.Json;
using Platform.Gateway.Answers;
using Platform.Gateway.Tests.World;
using Platform.Gateway.Translation;

namespace Platform.Gateway.Tests.Translation;

/// <summary>A message's stream as a chat completion's, however its bytes arrive.</summary>
public sealed class StreamsToChatTests
{
    private const string Begin =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[],\"model\":\"claude\",\"stop_reason\":null,"
        + "\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":4,\"cache_read_input_tokens\":30,\"output_tokens\":1}}}\n\n"
        + "event: ping\ndata: {\"type\":\"ping\"}\n\n";

    private static readonly string Stop = Event("message_stop", "");

    [Fact]
    public void Blocks_are_deltas_with_the_role_first_and_the_reason_last() =>
        Splits.ShouldNotMatter(
            Begin
            + Block(0, """{"type":"thinking","thinking":"","signature":""}""") + Delta(0, """{"type":"thinking_delta","thinking":"hm"}""") + Delta(0, """{"type":"signature_delta","signature":"s"}""") + BlockStop(0)
            + Block(1, """{"type":"text","text":""}""") + Delta(1, """{"type":"text_delta","text":"h\u00e9llo 世"}""") + BlockStop(1)
            + Block(2, """{"type":"tool_use","id":"t1","name":"f","input":{}}""") + Delta(2, """{"type":"input_json_delta","partial_json":""}""") + Delta(2, """{"type":"input_json_delta","partial_json":"{\"a\": 1}"}""") + BlockStop(2)
            + Block(3, """{"type":"tool_use","id":"t2","name":"g","input":{"b":2}}""") + BlockStop(3)
            + End("tool_use", 15) + Stop + Event("late", ""),
            m => New(m),
            Chunk("""{"role":"assistant","content":""}""") + Chunk("""{"reasoning_content":"hm"}""") + Chunk("""{"content":"h\u00e9llo 世"}""")
            + Chunk("""{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]}""")
            + Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\": 1}"}}]}""")
            + Chunk("""{"tool_calls":[{"index":1,"id":"t2","type":"function","function":{"name":"g","arguments":"{\"b\":2}"}}]}""")
            + Chunk("{}", "tool_calls") + "data: [DONE]\n\n",
            meter =>
            {
                meter.Usage.ShouldBe(new UsageCount(44, 15, 30, 4, 0, 0));
                (meter.UsageIsFinal, meter.FinishReason, meter.HasError).ShouldBe((true, "tool_use", false));
            });

    [Fact]
    public void Who_asks_for_the_count_gets_it_before_the_end_and_a_null_before_that() =>
        Splits.ShouldNotMatter(
            Begin + End("end_turn", 15) + Stop, m => New(m, includeUsage: true),
            Chunk("""{"role":"assistant","content":""}""", usage: true) + Chunk("{}", "stop", usage: true)
            + "data: {\"id\":\"msg_1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"claude\",\"choices\":[],\"usage\":{\"prompt_tokens\":44,\"completion_tokens\":15,\"total_tokens\":59,\"prompt_tokens_details\":{\"cached_tokens\":30,\"cache_write_tokens\":4}}}\n\ndata: [DONE]\n\n",
            _ => { });

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("pause_turn", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("tool_use", "tool_calls")]
    [InlineData("refusal", "content_filter")]
    [InlineData("something_new", "stop")]
    public void Why_it_ended_is_said_in_the_other_dialect(string reason, string expected) =>
        Splits.ShouldNotMatter(
            Begin + End(reason, 1) + Stop, m => New(m),
            Chunk("""{"role":"assistant","content":""}""") + Chunk("{}", expected) + "data: [DONE]\n\n", m => m.FinishReason.ShouldBe(reason));

    [Theory]
    [InlineData("overloaded_error", "Overloaded", "server_error", "upstream_rejected")]
    [InlineData("invalid_request_error", "prompt is too long: 9 tokens > 8 maximum", "invalid_request_error", "context_length_exceeded")]
    public void An_error_is_told_as_the_dialect_has_it_and_is_the_end(string type, string message, string expectedType, string code) =>
        Splits.ShouldNotMatter(
            Begin + Event("error", $"\"error\":{{\"type\":\"{type}\",\"message\":\"{message}\"}}") + Delta(0, """{"type":"text_delta","text":"late"}""") + Stop, m => New(m),
            Chunk("""{"role":"assistant","content":""}""") + $$$"""data: {"error":{"message":"{{{message}}}","type":"{{{expectedType}}}","param":null,"code":"{{{code}}}"}}""" + "\n\n",
            meter => meter.HasError.ShouldBeTrue());

    [Fact]
    public void A_stream_without_its_last_event_ends_as_the_dialect_ends()
    {
        var (text, policy) = Streams.Run(Begin + End("end_turn", 1), m => New(m), new());

        text.ShouldEndWith(Chunk("{}", "stop") + "data: [DONE]\n\n");
        policy.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void An_endpoint_that_begins_in_the_middle_is_read_all_the_same()
    {
        var (text, _) = Streams.Run(Delta(0, """{"type":"text_delta","text":"x"}""") + Delta(9, """{"type":"input_json_delta","partial_json":"{}"}"""), m => New(m), new());

        var chunks = Streams.Data(text);
        chunks.Count.ShouldBe(2);
        ((string?)chunks[0]["id"]).ShouldBe("chatcmpl-" + Translating.Context.Id);
        ((string?)chunks[1]["choices"]![0]!["delta"]!["content"]).ShouldBe("x");
    }

    [Fact]
    public void Text_and_arguments_are_those_of_the_source()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var (source, text, calls) = (new StringBuilder(Begin), new StringBuilder(), new List<string>());
            for (var index = 0; index < random.Next(8); index++)
            {
                var pieces = Enumerable.Range(0, random.Next(5)).Select(_ => Streams.Piece(random)).ToList();
                var isCall = random.Next(2) == 0;
                source.Append(Block(index, isCall ? $$$"""{"type":"tool_use","id":"t{{{index}}}","name":"f","input":{}}""" : """{"type":"text","text":""}"""));
                foreach (var quoted in pieces.Select(p => JsonSerializer.Serialize(p)))
                    source.Append(Delta(index, isCall ? $$"""{"type":"input_json_delta","partial_json":{{quoted}}}""" : $$"""{"type":"text_delta","text":{{quoted}}}"""));
                source.Append(BlockStop(index));
                if (isCall)
                    calls.Add(string.Concat(pieces));
                else
                    text.AppendJoin("", pieces);
            }

            var (translated, _) = Streams.Run(source + End("end_turn", 3) + Stop, m => New(m), new());

            var deltas = Streams.Data(translated).Select(c => c["choices"]![0]!["delta"]!.AsObject()).ToList();
            string.Concat(deltas.Select(d => (string?)d["content"])).ShouldBe(text.ToString());
            var parts = deltas.SelectMany(d => d["tool_calls"]?.AsArray() ?? []).ToLookup(c => (int)c!["index"]!, c => (string?)c!["function"]!["arguments"]);
            for (var call = 0; call < calls.Count; call++)
                string.Concat(parts[call]).ShouldBe(calls[call]);
        }
    }

    private static ChatEventsFromMessages New(AnswerMeter meter, bool includeUsage = false) => new(Translating.Context with { IncludeUsage = includeUsage }, meter);

    private static string Chunk(string delta, string? finish = null, bool usage = false) =>
        "data: {\"id\":\"msg_1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"claude\",\"choices\":[{\"index\":0,\"delta\":"
        + delta + $",\"logprobs\":null,\"finish_reason\":{(finish is null ? "null" : $"\"{finish}\"")}}}]{(usage ? ",\"usage\":null" : "")}}}\n\n";

    private static string Event(string name, string members) => $"event: {name}\ndata: {{\"type\":\"{name}\"{(members.Length > 0 ? "," : "")}{members}}}\n\n";

    private static string Block(int index, string block) => Event("content_block_start", $"\"index\":{index},\"content_block\":{block}");

    private static string Delta(int index, string delta) => Event("content_block_delta", $"\"index\":{index},\"delta\":{delta}");

    private static string BlockStop(int index) => Event("content_block_stop", $"\"index\":{index}");

    private static string End(string reason, int output) =>
        Event("message_delta", $"\"delta\":{{\"stop_reason\":\"{reason}\",\"stop_sequence\":null}},\"usage\":{{\"output_tokens\":{output}}}");
}
