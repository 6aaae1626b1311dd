namespace Platform.Gateway.Tests.Translation;

/// <summary>A chat completion's request as a message's.</summary>
public sealed class ChatToMessagesTests
{
    private const string Ask = """{"role":"user","content":[{"type":"text","text":"x"}]}""";

    /// <summary>What stands in the request beside <c>model</c>, what in the message's, and what was left out.</summary>
    public static TheoryData<string, string, string?> Cases => new()
    {
        { """ "messages":[{"role":"user","content":"x"}] """, """ "max_tokens":4096,"messages":[ASK] """, null },
        { """ "max_tokens":7,"max_completion_tokens":9,"messages":[{"role":"user","content":"x"}] """, """ "max_tokens":9,"messages":[ASK] """, "max_tokens" },
        {
            """ "messages":[{"role":"system","content":"s"},{"role":"user","content":"x"},{"role":"developer","content":[{"type":"text","text":"d\u00e9\n"}]}] """,
            """ "max_tokens":4096,"system":[{"type":"text","text":"s"},{"type":"text","text":"dé\n"}],"messages":[ASK] """, null
        },
        {
            """ "temperature":0.5,"top_p":0.9,"top_k":40,"stop":"a","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"x"}] """,
            """ "temperature":0.5,"top_p":0.9,"top_k":40,"stop_sequences":["a"],"stream":true,"max_tokens":4096,"messages":[ASK] """, null
        },
        { """ "stop":["a","b"],"messages":[{"role":"user","content":"x"}] """, """ "stop_sequences":["a","b"],"max_tokens":4096,"messages":[ASK] """, null },
        {
            """ "messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":\"\\u00e9\"}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},{"role":"tool","tool_call_id":"c1","content":"1"},{"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"2"}]},{"role":"user","content":"go on"}] """,
            """ "max_tokens":4096,"messages":[ASK,{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{"a":"é"}},{"type":"tool_use","id":"c2","name":"g","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"1"},{"type":"tool_result","tool_use_id":"c2","content":[{"type":"text","text":"2"}]},{"type":"text","text":"go on"}]}] """, null
        },
        {
            """ "messages":[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"},{"role":"assistant","content":"","refusal":"no"}] """,
            """ "max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"assistant","content":[{"type":"text","text":"c"},{"type":"text","text":"no"}]}] """, "messages[].content"
        },
        {
            """ "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image\/png;charset=x;base64,QUJD\/w==","detail":"high"}},{"type":"image_url","image_url":{"url":"https://a/b.png"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QUJD"}}]}] """,
            """ "max_tokens":4096,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD/w=="}},{"type":"image","source":{"type":"url","url":"https://a/b.png"}},{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"QUJD"},"title":"a.pdf"}]}] """, "messages[].content[image_url].image_url.detail"
        },
        {
            """ "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string"}}},"strict":true}},{"type":"function","function":{"name":"g"}}],"tool_choice":"required","parallel_tool_calls":false,"messages":[{"role":"user","content":"x"}] """,
            """ "max_tokens":4096,"tools":[{"name":"f","description":"d","strict":true,"input_schema":{"type":"object","properties":{"a":{"type":"string"}}}},{"name":"g","input_schema":{"type":"object","properties":{}}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true},"messages":[ASK] """, null
        },
        {
            """ "tools":[{"type":"function","function":{"name":"g"}}],"tool_choice":{"type":"function","function":{"name":"g"}},"messages":[{"role":"user","content":"x"}] """,
            """ "max_tokens":4096,"tools":[{"name":"g","input_schema":{"type":"object","properties":{}}}],"tool_choice":{"type":"tool","name":"g"},"messages":[ASK] """, null
        },
        {
            """ "tools":[{"type":"function","function":{"name":"g"}}],"tool_choice":"none","parallel_tool_calls":false,"messages":[{"role":"user","content":"x"}] """,
            """ "max_tokens":4096,"tools":[{"name":"g","input_schema":{"type":"object","properties":{}}}],"tool_choice":{"type":"none"},"messages":[ASK] """, null
        },
        { """ "tools":[],"tool_choice":"auto","parallel_tool_calls":true,"messages":[{"role":"user","content":"x"}] """, """ "max_tokens":4096,"messages":[ASK] """, "tool_choice,parallel_tool_calls" },
        { """ "reasoning_effort":"high","messages":[{"role":"user","content":"x"}] """, """ "max_tokens":20480,"thinking":{"type":"enabled","budget_tokens":10240},"messages":[ASK] """, null },
        { """ "reasoning_effort":"low","max_tokens":100000,"messages":[{"role":"user","content":"x"}] """, """ "max_tokens":100000,"thinking":{"type":"enabled","budget_tokens":2048},"messages":[ASK] """, null },
        { """ "reasoning_effort":"low","max_tokens":2000,"messages":[{"role":"user","content":"x"}] """, """ "max_tokens":2000,"messages":[ASK] """, "reasoning_effort" },
        { """ "reasoning_effort":"high","temperature":0,"max_tokens":9999,"messages":[{"role":"user","content":"x"}] """, """ "temperature":0,"max_tokens":9999,"messages":[ASK] """, "reasoning_effort" },
        {
            """ "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}},"messages":[{"role":"user","content":"x"}] """,
            """ "max_tokens":4096,"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},"messages":[ASK] """, "response_format.json_schema.name"
        },
        {
            """ "response_format":{"type":"text"},"n":1,"logprobs":false,"modalities":["text"],"store":false,"seed":null,"user":"u","service_tier":"default","messages":[{"role":"user","content":"x"}] """,
            """ "max_tokens":4096,"metadata":{"user_id":"u"},"service_tier":"standard_only","messages":[ASK] """, null
        },
        { """ "seed":1,"x y":2,"gr\u00fc\u00dfe":[],"messages":[{"role":"user","content":"x","x-y":1}] """, """ "max_tokens":4096,"messages":[ASK] """, "seed,x_y,gr__e,messages[].x-y" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_request_says_the_same_in_the_other_dialect(string request, string message, string? dropped)
    {
        var translated = Translating.ChatToMessages($$"""{"model":"m",{{request}}}""");

        translated.Error.ShouldBeNull();
        translated.Text.ShouldBeJson($$"""{"model":"upstream-model",{{message.Replace("ASK", Ask, StringComparison.Ordinal)}}}""");
        translated.Dropped.ShouldBe(dropped);
    }

    [Theory]
    [InlineData(""" "messages":[{"role":"system","content":"x"}] """, "invalid_value", "messages")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"temperature":1.5 """, "unsupported_parameter", "temperature")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"temperature":"1" """, "invalid_type", "temperature")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"n":2 """, "unsupported_parameter", "n")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"max_tokens":0 """, "invalid_value", "max_tokens")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"top_p":1,"top_\u0070":0.5 """, "duplicate_member", "top_p")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"stop":[1] """, "invalid_type", "stop")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_object"} """, "unsupported_parameter", "response_format.type")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema"} """, "invalid_type", "response_format.json_schema")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"tools":[5] """, "invalid_type", "tools[]")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"tools":[{"type":"custom","custom":{}}] """, "unsupported_parameter", "tools[].custom")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{}}] """, "missing_required_parameter", "tools[].function.name")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"some" """, "invalid_value", "tool_choice")]
    [InlineData(""" "messages":["x"] """, "invalid_type", "messages[]")]
    [InlineData(""" "messages":[{"content":"x"}] """, "missing_required_parameter", "messages[].role")]
    [InlineData(""" "messages":[{"role":"function","name":"f","content":"x"}] """, "unsupported_parameter", "messages[].role")]
    [InlineData(""" "messages":[{"role":"user","content":{"a":1}}] """, "invalid_type", "messages[].content")]
    [InlineData(""" "messages":[{"role":"user","content":[7]}] """, "invalid_value", "messages[].content[].type")]
    [InlineData(""" "messages":[{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://a"}}]}] """, "invalid_value", "messages[].content[].type")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://a"}}]}] """, "invalid_value", "messages[].content[image_url].image_url.url")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png,abc"}}]}] """, "invalid_value", "messages[].content[image_url].image_url.url")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"image_url","image_url":"https://a"}]}] """, "invalid_type", "messages[].content[image_url].image_url")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}] """, "unsupported_parameter", "messages[].content[file].file.file_id")]
    [InlineData(""" "messages":[{"role":"tool","content":"x"}] """, "missing_required_parameter", "messages[].tool_call_id")]
    [InlineData(""" "messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":"}}]}] """, "invalid_value", "messages[].tool_calls[].function.arguments")]
    [InlineData(""" "messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"[1]"}}]}] """, "invalid_value", "messages[].tool_calls[].function.arguments")]
    [InlineData(""" "messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{} {}"}}]}] """, "invalid_value", "messages[].tool_calls[].function.arguments")]
    [InlineData(""" "messages":[{"role":"user","content":"x"}],"\ud800":1 """, "invalid_json", null)]
    public void What_cannot_be_said_is_refused_with_its_reason(string request, string code, string? param)
    {
        var translated = Translating.ChatToMessages($$"""{"model":"m",{{request}}}""");

        translated.Error.ShouldNotBeNull(translated.Text);
        (translated.Error.Status, translated.Error.Code, translated.Error.Param).ShouldBe((400, code, param));
    }

    [Fact]
    public void What_was_left_out_is_named_within_a_bound()
    {
        var many = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"{i}{new string('x', i)}\r\\n\":1".Replace("\r", "", StringComparison.Ordinal)));

        var translated = Translating.ChatToMessages($$"""{"model":"m","messages":[{"role":"user","content":"x"}],{{many}}}""");

        translated.Dropped.ShouldNotBeNull().Length.ShouldBeLessThanOrEqualTo(1024);
        translated.Dropped.ShouldEndWith(",...");
        translated.Dropped.ShouldAllBe(c => c > ' ' && c <= '~');
    }
}
