using Platform.Gateway.Answers;
using Platform.Gateway.Translation;

namespace Platform.Gateway.Tests.Translation;

/// <summary>Whole answers in the other dialect, and what was counted.</summary>
public sealed class TranslatedAnswersTests
{
    private const string NoUsage = """ "usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0} """;

    public static TheoryData<string, string, string?> Completions => new()
    {
        {
            """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"h\u00e9","reasoning_content":"hm","refusal":null,"annotations":[],"tool_calls":[]},"logprobs":null,"finish_reason":"stop","stop_reason":null}],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":2}},"prompt_logprobs":null}""",
            """{"id":"c","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"hm","signature":""},{"type":"text","text":"hé"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":8,"output_tokens":9}}""", null
        },
        {
            """{"id":"c","model":"m","system_fingerprint":"f","choices":[{"message":{"content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":\"\\u00e9\"}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{\"x\":"}},{"id":"d","type":"function","function":{"name":"h","arguments":""}}]},"logprobs":{"content":[]},"finish_reason":"stop"}]}""",
            """{"id":"c","type":"message","role":"assistant","model":"m","content":[{"type":"tool_use","id":"a","name":"f","input":{"x":"é"}},{"type":"tool_use","id":"b","name":"g","input":{"arguments":"{\"x\":"}},{"type":"tool_use","id":"d","name":"h","input":{}}],"stop_reason":"tool_use","stop_sequence":null,""" + NoUsage + "}",
            "system_fingerprint,choices[].logprobs"
        },
        {
            """{"id":"c","model":"m","choices":[{"message":{"content":"","refusal":"no"},"finish_reason":"stop"}]}""",
            """{"id":"c","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"no"}],"stop_reason":"refusal","stop_sequence":null,""" + NoUsage + "}", null
        },
        {
            """{"id":"c","model":"m","choices":[{"message":{"content":"x"},"finish_reason":"stop","stop_reason":"END"},{"message":{"content":"y"}}]}""",
            """{"id":"c","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"x"}],"stop_reason":"stop_sequence","stop_sequence":"END",""" + NoUsage + "}", null
        },
    };

    public static TheoryData<string, string, string?> Messages => new()
    {
        {
            """{"id":"i","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"h","signature":""},{"type":"thinking","thinking":"m","signature":""},{"type":"text","text":"h\u00e9 "},{"type":"text","text":"世"},{"type":"tool_use","id":"t","name":"f","input":{"a": "\""}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":4,"cache_read_input_tokens":30,"output_tokens":5}}""",
            """{"id":"i","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hé 世","refusal":null,"reasoning_content":"hm","tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{\"a\": \"\\\"\"}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":44,"completion_tokens":5,"total_tokens":49,"prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":4}}}""", null
        },
        {
            """{"id":"i","model":"m","content":[{"type":"server_tool_use","id":"s"},{"type":"tool_use","id":"t","name":"f","input":{}}],"stop_reason":"model_context_window_exceeded","stop_sequence":"x"}""",
            """{"id":"i","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]},"logprobs":null,"finish_reason":"length"}]}""",
            "stop_sequence,content[].type"
        },
        {
            """{"id":"i","model":"m","content":[],"stop_reason":"refusal","usage":{"input_tokens":1,"output_tokens":0}}""",
            """{"id":"i","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":"content_filter"}],"usage":{"prompt_tokens":1,"completion_tokens":0,"total_tokens":1,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0}}}""", null
        },
    };

    [Theory]
    [MemberData(nameof(Completions))]
    public void A_chat_completion_is_a_message(string answer, string expected, string? dropped)
    {
        var (text, left, _) = Translating.Answer(MessagesFromChat.Codec, answer);

        text.ShouldBeJson(expected);
        left.ShouldBe(dropped);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_a_chat_completion(string answer, string expected, string? dropped)
    {
        var (text, left, _) = Translating.Answer(ChatFromMessages.Codec, answer);

        text.ShouldBeJson(expected);
        left.ShouldBe(dropped);
    }

    [Fact]
    public void Both_meanings_of_usage_are_counted_as_one()
    {
        var counted = new UsageCount(44, 5, 30, 4, 0, 0);

        Translating.Answer(ChatFromMessages.Codec, """{"content":[],"usage":{"input_tokens":10,"cache_creation_input_tokens":4,"cache_read_input_tokens":30,"output_tokens":5}}""").Meter.Usage.ShouldBe(counted);
        Translating.Answer(MessagesFromChat.Codec, """{"choices":[{"message":{}}],"usage":{"prompt_tokens":44,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":4}}}""").Meter.Usage.ShouldBe(counted);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[5]}""")]
    [InlineData("""{"choices":[{"message":{"content":5}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"\ud800"}}]}""")]
    public void What_is_no_chat_completion_is_not_read(string answer) => Translating.Answer(MessagesFromChat.Codec, answer).Text.ShouldBeEmpty();

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"content":"x"}""")]
    [InlineData("""{"content":[{"type":"text","text":5}]}""")]
    public void What_is_no_message_is_not_read(string answer) => Translating.Answer(ChatFromMessages.Codec, answer).Text.ShouldBeEmpty();
}
