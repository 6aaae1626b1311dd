using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.Anthropic;
using Platform.Gateway.Dialects.Responses;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>Streams of the dialects that pass byte for byte, however their bytes arrive.</summary>
public sealed class DialectStreamTests
{
    private const string MessageBegin =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[],\"model\":\"m\",\"stop_reason\":null,"
        + "\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":4,\"cache_read_input_tokens\":30,\"output_tokens\":1}}}\n\n"
        + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
        + "event: ping\ndata: {\"type\":\"ping\"}\n\n"
        + "event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"h\u00e9llo \\u4e16\"}}\r\n\r\n"
        + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n";

    private const string MessageEnd =
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":15}}\n\n"
        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private const string ResponseBegin =
        "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\",\"error\":null,\"usage\":null,\"output\":[]}}\n\n"
        + "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\"caf\u00e9\"}\n\n"
        + "event: response.function_call_arguments.delta\ndata: {\"type\":\"response.function_call_arguments.delta\",\"sequence_number\":2,\"item_id\":\"j\",\"output_index\":1,\"delta\":\"{\\\"a\\\"\"}\n\n";

    private const string ResponseEnd =
        "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":3,\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"error\":null,"
        + "\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"caf\u00e9\"}]}],"
        + "\"usage\":{\"input_tokens\":20,\"input_tokens_details\":{\"cached_tokens\":8},\"output_tokens\":9,\"output_tokens_details\":{\"reasoning_tokens\":4},\"total_tokens\":29}}}\n\n";

    [Fact]
    public void A_message_passes_as_it_is_and_its_input_holds_what_the_cache_gave_and_took() =>
        Splits.ShouldNotMatter(MessageBegin + MessageEnd + "event: late\ndata: {}\n\n", m => new MessagesEvents(m), MessageBegin + MessageEnd, meter =>
        {
            meter.Usage.ShouldBe(new UsageCount(44, 15, 30, 4, 0, 0));
            (meter.UsageIsFinal, meter.FinishReason, meter.HasError, meter.TextChunks).ShouldBe((true, "end_turn", false, 1));
        });

    [Fact]
    public void A_message_that_was_cut_keeps_what_it_said_as_a_partial_count() =>
        Splits.ShouldNotMatter(MessageBegin, m => new MessagesEvents(m), MessageBegin, meter =>
        {
            meter.Usage.ShouldBe(new UsageCount(44, 1, 30, 4, 0, 0));
            (meter.UsageIsFinal, meter.FinishReason).ShouldBe((false, null));
        });

    [Fact]
    public void A_response_passes_as_it_is_and_ends_with_its_terminal_event() =>
        Splits.ShouldNotMatter(ResponseBegin + ResponseEnd + "data: [DONE]\n\n", m => new ResponsesEvents(m), ResponseBegin + ResponseEnd, meter =>
        {
            meter.Usage.ShouldBe(new UsageCount(20, 9, 8, 0, 4, 0));
            (meter.UsageIsFinal, meter.FinishReason, meter.HasError, meter.TextChunks).ShouldBe((true, "completed", false, 2));
        });

    [Theory]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n", true)]
    [InlineData("event: message_start\ndata: not json\n\n", false)]
    [InlineData("event: message_start\ndata: {\"type\":5,\"usage\":[],\"message\":\"x\",\"delta\":null}\n\n", false)]
    public void What_is_no_part_of_a_message_passes_too(string text, bool isError) =>
        Splits.ShouldNotMatter(text, m => new MessagesEvents(m), text, meter => meter.HasError.ShouldBe(isError));

    [Theory]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"x\",\"param\":null,\"sequence_number\":7}\n\n", true)]
    [InlineData(": comment\n\n", false)]
    [InlineData("data: {\"type\":\"response.output_text.delta\",\"delta\":{\"a\":[1]},\"response\":7,\"sequence_number\":\"x\"}\n\n", false)]
    public void What_is_no_part_of_a_response_passes_too(string text, bool isError) =>
        Splits.ShouldNotMatter(text, m => new ResponsesEvents(m), text, meter => meter.HasError.ShouldBe(isError));

    [Theory]
    [InlineData("completed", null, "completed")]
    [InlineData("incomplete", "{\"reason\":\"max_output_tokens\"}", "max_output_tokens")]
    [InlineData("failed", null, "failed")]
    public void How_a_response_ended_is_its_finish_reason(string status, string? details, string expected)
    {
        var end = $"event: response.{status}\ndata: {{\"type\":\"response.{status}\",\"sequence_number\":9,\"response\":{{\"status\":\"{status}\",\"incomplete_details\":{details ?? "null"},\"usage\":null}}}}\n\n";

        Splits.ShouldNotMatter(end, m => new ResponsesEvents(m), end, meter => meter.FinishReason.ShouldBe(expected));
    }
}
