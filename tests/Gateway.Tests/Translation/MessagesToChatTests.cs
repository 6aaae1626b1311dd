namespace Platform.Gateway.Tests.Translation;

/// <summary>A message's request as a chat completion's.</summary>
public sealed class MessagesToChatTests
{
    private const string Ask = """{"role":"user","content":"x"}""";

    /// <summary>The engine, what stands in the message's request beside <c>model</c>, what in the other, and what was left out.</summary>
    public static TheoryData<string, string, string, string?> Cases => new()
    {
        { "vllm", """ "max_tokens":5,"messages":[ASK] """, """ "max_tokens":5,"messages":[ASK] """, null },
        { "openai", """ "max_tokens":5,"messages":[ASK] """, """ "max_completion_tokens":5,"messages":[ASK] """, null },
        {
            "vllm", """ "max_tokens":5,"system":"s\n","temperature":1,"top_p":0.5,"top_k":3,"stop_sequences":["a"],"stream":true,"messages":[ASK] """,
            """ "max_tokens":5,"temperature":1,"top_p":0.5,"top_k":3,"stop":["a"],"stream":true,"stream_options":{"include_usage":true,"continuous_usage_stats":true},"messages":[{"role":"system","content":"s\n"},ASK] """, null
        },
        {
            "ollama", """ "max_tokens":5,"top_k":3,"stream":true,"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"b"}],"messages":[ASK] """,
            """ "max_tokens":5,"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"system","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},ASK] """, "top_k,system[text].cache_control"
        },
        {
            "vllm", """ "max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"a"},{"type":"tool_use","id":"c1","name":"f","input":{"a": "é\"","b":[1]}},{"type":"tool_use","id":"c2","name":"g","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"1"},{"type":"tool_result","tool_use_id":"c2","is_error":true,"content":[{"type":"text","text":"2"},{"type":"image","source":{"type":"url","url":"https://a"}}]},{"type":"text","text":"go on"}]}] """,
            """ "max_tokens":5,"messages":[{"role":"assistant","content":"a","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\": \"é\\\"\",\"b\":[1]}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"1"},{"role":"tool","tool_call_id":"c2","content":"2"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a"}},{"type":"text","text":"go on"}]}] """,
            "messages[].content[thinking].type,messages[].content[thinking].thinking,messages[].content[thinking].signature,messages[].content[tool_result].is_error"
        },
        {
            "vllm", """ "max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1"}]}] """,
            """ "max_tokens":5,"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":""}] """, null
        },
        {
            "openai", """ "max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}},{"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"QUJD"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"t"}}]}] """,
            """ "max_completion_tokens":5,"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QUJD"}},{"type":"text","text":"t"}]}] """, null
        },
        {
            "vllm", """ "max_tokens":5,"tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"cache_control":{}},{"type":"custom","name":"g","input_schema":{}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true},"messages":[ASK] """,
            """ "max_tokens":5,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}},{"type":"function","function":{"name":"g","parameters":{}}}],"tool_choice":"required","parallel_tool_calls":false,"messages":[ASK] """, "tools[].cache_control"
        },
        {
            "vllm", """ "max_tokens":5,"tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"tool","name":"f"},"messages":[ASK] """,
            """ "max_tokens":5,"tools":[{"type":"function","function":{"name":"f","parameters":{}}}],"tool_choice":{"type":"function","function":{"name":"f"}},"messages":[ASK] """, null
        },
        { "vllm", """ "max_tokens":5,"thinking":{"type":"enabled","budget_tokens":2048},"messages":[ASK] """, """ "max_tokens":5,"reasoning_effort":"low","messages":[ASK] """, null },
        { "vllm", """ "max_tokens":5,"thinking":{"type":"adaptive"},"output_config":{"effort":"max"},"messages":[ASK] """, """ "max_tokens":5,"reasoning_effort":"high","messages":[ASK] """, "thinking" },
        { "vllm", """ "max_tokens":5,"thinking":{"type":"disabled"},"messages":[ASK] """, """ "max_tokens":5,"messages":[ASK] """, "thinking.type" },
        {
            "vllm", """ "max_tokens":5,"output_config":{"format":{"type":"json_schema","schema":{"a":1}}},"metadata":{"user_id":"u"},"service_tier":"standard_only","messages":[ASK] """,
            """ "max_tokens":5,"response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"a":1}}},"user":"u","service_tier":"default","messages":[ASK] """, null
        },
        { "vllm", """ "max_tokens":5,"context_management":{"edits":[]},"brand_new":1,"messages":[ASK] """, """ "max_tokens":5,"messages":[ASK] """, "context_management,brand_new" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_request_says_the_same_in_the_other_dialect(string engine, string request, string completion, string? dropped)
    {
        var translated = Translating.MessagesToChat($$"""{"model":"m",{{request.Replace("ASK", Ask, StringComparison.Ordinal)}}}""", engine);

        translated.Error.ShouldBeNull();
        translated.Text.ShouldBeJson($$"""{"model":"upstream-model",{{completion.Replace("ASK", Ask, StringComparison.Ordinal)}}}""");
        translated.Dropped.ShouldBe(dropped);
    }

    [Theory]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"container":"c" """, "unsupported_parameter", "container")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"top_k":"3" """, "invalid_type", "top_k")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"tools":[{"type":"bash_20250124","name":"bash"}] """, "unsupported_parameter", "tools[].type")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"tools":[{"name":"f"}] """, "missing_required_parameter", "tools[].input_schema")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"tool"} """, "missing_required_parameter", "tool_choice.name")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"what"} """, "invalid_value", "tool_choice.type")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"system":[{"type":"image"}] """, "missing_required_parameter", "system[text].text")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"output_config":{"format":{"type":"grammar","schema":{}}} """, "unsupported_parameter", "output_config.format.type")]
    [InlineData(""" "messages":[7] """, "invalid_type", "messages[]")]
    [InlineData(""" "messages":[{"role":"system","content":"x"}] """, "invalid_value", "messages[].role")]
    [InlineData(""" "messages":[{"role":"user"}] """, "missing_required_parameter", "messages[].content")]
    [InlineData(""" "messages":[{"role":"user","content":[7]}] """, "unsupported_parameter", "messages[].content[].type")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"container_upload"}]}] """, "unsupported_parameter", "messages[].content[].type")]
    [InlineData(""" "messages":[{"role":"assistant","content":[{"type":"server_tool_use"}]}] """, "unsupported_parameter", "messages[].content[].type")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}] """, "unsupported_parameter", "messages[].content[].source.file_id")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"QUJD"}}]}] """, "missing_required_parameter", "messages[].content[].source.media_type")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"QUJD"}}]}] """, "unsupported_parameter", "messages[].content[document].source")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"tool_result"}]}] """, "missing_required_parameter", "messages[].content[tool_result].tool_use_id")]
    [InlineData(""" "messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":"x"}]}] """, "invalid_type", "messages[].content[tool_use].input")]
    public void What_cannot_be_said_is_refused_with_its_reason(string request, string code, string? param)
    {
        var translated = Translating.MessagesToChat($$"""{"model":"m","max_tokens":5,{{request}}}""");

        translated.Error.ShouldNotBeNull(translated.Text);
        (translated.Error.Status, translated.Error.Code, translated.Error.Param).ShouldBe((400, code, param));
    }

    [Theory]
    [InlineData("""{"model":"upstream-model","max_tokens":9,"temperature":0.5,"stop_sequences":["a"],"stream":true,"system":[{"type":"text","text":"s"}],"tools":[{"name":"f","description":"d","input_schema":{"type":"object","properties":{}}}],"tool_choice":{"type":"auto","disable_parallel_tool_use":true},"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}}]},{"role":"assistant","content":[{"type":"text","text":"b"},{"type":"tool_use","id":"c","name":"f","input":{"x":[1,{"y":"é"}]}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"r"},{"type":"text","text":"d"}]}]}""")]
    public void There_and_back_is_the_same(string request)
    {
        var there = Translating.MessagesToChat(request);
        var back = Translating.ChatToMessages(there.Text);

        back.Error.ShouldBeNull();
        back.Text.ShouldBeJson(request);
        back.Dropped.ShouldBe("stream_options.continuous_usage_stats");
    }
}
