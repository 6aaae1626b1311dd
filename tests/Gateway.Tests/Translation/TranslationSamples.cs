using System.Text.Json.Nodes;

namespace Platform.Gateway.Tests.Translation;

/// <summary>A whole text of one part of the table, and where an object of a scope stands in it.</summary>
/// <param name="At">Members and positions, by slashes.</param>
internal sealed record SampleText(string Json, string At, string Engine = "anthropic")
{
    /// <summary>The text with another value there; null takes the member away.</summary>
    public string With(string member, string? value)
    {
        var root = JsonNode.Parse(Json)!;
        var node = root;
        foreach (var step in At.Split('/', StringSplitOptions.RemoveEmptyEntries))
            node = int.TryParse(step, out var position) ? node[position]! : node[step]!;
        if (value is null)
            node.AsObject().Remove(member);
        else
            node.AsObject()[member] = JsonNode.Parse(value);
        return root.ToJsonString();
    }

    public string? ValueOf(string member)
    {
        var node = JsonNode.Parse(Json)!;
        foreach (var step in At.Split('/', StringSplitOptions.RemoveEmptyEntries))
            node = int.TryParse(step, out var position) ? node[position]! : node[step]!;
        return node[member]?.ToJsonString();
    }
}

/// <summary>For every scope a text with one, and for every field a value that says something.</summary>
internal static class TranslationSamples
{
    private const string ChatPlain = """{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"a":1},"strict":true}}]}""";
    private const string ChatFormat = """{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"schema":{"a":1}}}}""";
    private const string ChatChoice = """{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"f"}}}""";
    private const string ChatCall = """{"model":"m","messages":[{"role":"assistant","content":"a","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]}]}""";
    private const string ChatResult = """{"model":"m","messages":[{"role":"tool","content":"a","tool_call_id":"c"}]}""";
    private const string MessagePlain = """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f","description":"d","input_schema":{"a":1},"strict":true}]}""";
    private const string ChatParts = """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"https://a"}},{"type":"file","file":{"file_data":"data:a/b;base64,QQ==","filename":"n"}}]},{"role":"assistant","content":[{"type":"refusal","refusal":"r"}]},{"role":"user","content":[{"type":"text","text":"x"}]}]}""";
    private const string Blocks = """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image","source":{"type":"base64","media_type":"a/b","data":"QQ=="}},{"type":"document","source":{"type":"base64","media_type":"a/b","data":"QQ=="},"title":"t"}]},{"role":"assistant","content":[{"type":"text","text":"y"},{"type":"tool_use","id":"c","name":"f","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"r"}]},{"role":"assistant","content":[{"type":"text","text":"z"},{"type":"thinking","thinking":"t","signature":"s"},{"type":"redacted_thinking","data":"d"}]}]}""";
    private const string ChatAnswer = """{"id":"i","model":"m","choices":[{"message":{"content":"x","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}}],"usage":{"prompt_tokens":3,"completion_tokens":4}}""";
    private const string MessageAnswer = """{"id":"i","model":"m","content":[{"type":"text","text":"x"},{"type":"thinking","thinking":"t"},{"type":"redacted_thinking"},{"type":"tool_use","id":"c","name":"f","input":{"a":1}}],"stop_reason":"max_tokens","usage":{"input_tokens":3,"output_tokens":4}}""";

    public static readonly IReadOnlyDictionary<string, SampleText> Chat = new Dictionary<string, SampleText>
    {
        [""] = new(ChatPlain, ""),
        ["stream_options"] = new("""{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}],"stream_options":{}}""", "stream_options"),
        ["response_format"] = new(ChatFormat, "response_format"),
        ["response_format.json_schema"] = new(ChatFormat, "response_format/json_schema"),
        ["tools[]"] = new(ChatPlain, "tools/0"),
        ["tools[].function"] = new(ChatPlain, "tools/0/function"),
        ["tool_choice"] = new(ChatChoice, "tool_choice"),
        ["tool_choice.function"] = new(ChatChoice, "tool_choice/function"),
        ["messages[]"] = new(ChatCall, "messages/0"),
        ["messages[].tool_call_id"] = new(ChatResult, "messages/0"),
        ["messages[].tool_calls[]"] = new(ChatCall, "messages/0/tool_calls/0"),
        ["messages[].tool_calls[].function"] = new(ChatCall, "messages/0/tool_calls/0/function"),
        ["messages[].content[text]"] = new(ChatParts, "messages/0/content/0"),
        ["messages[].content[refusal]"] = new(ChatParts, "messages/1/content/0"),
        ["messages[].content[image_url]"] = new(ChatParts, "messages/0/content/1"),
        ["messages[].content[image_url].image_url"] = new(ChatParts, "messages/0/content/1/image_url"),
        ["messages[].content[file]"] = new(ChatParts, "messages/0/content/2"),
        ["messages[].content[file].file"] = new(ChatParts, "messages/0/content/2/file"),
        ["messages[].content[input_audio]"] = new("""{"model":"m","messages":[{"role":"user","content":[{"input_audio":{},"type":"input_audio"}]}]}""", "messages/0/content/0"),
        ["messages[].content[input_audio].type"] = new("""{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio"}]}]}""", "messages/0/content/0"),
    };

    public static readonly IReadOnlyDictionary<string, SampleText> Messages = new Dictionary<string, SampleText>
    {
        [""] = new(MessagePlain, "", "vllm"),
        ["system[text]"] = new("""{"model":"m","max_tokens":5,"system":[{"type":"text","text":"s"}],"messages":[]}""", "system/0", "vllm"),
        ["metadata"] = new("""{"model":"m","max_tokens":5,"metadata":{"user_id":"u"},"messages":[]}""", "metadata", "vllm"),
        ["thinking"] = new("""{"model":"m","max_tokens":5,"thinking":{"type":"enabled","budget_tokens":20000},"messages":[]}""", "thinking", "vllm"),
        ["output_config"] = new("""{"model":"m","max_tokens":5,"output_config":{},"messages":[]}""", "output_config", "vllm"),
        ["output_config.format"] = new("""{"model":"m","max_tokens":5,"output_config":{"format":{"type":"json_schema","schema":{"a":1}}},"messages":[]}""", "output_config/format", "vllm"),
        ["tools[]"] = new(MessagePlain, "tools/0", "vllm"),
        ["tool_choice"] = new("""{"model":"m","max_tokens":5,"tool_choice":{"type":"tool","name":"f"},"messages":[]}""", "tool_choice", "vllm"),
        ["messages[]"] = new(MessagePlain, "messages/0", "vllm"),
        ["messages[].content[text]"] = new(Blocks, "messages/0/content/0", "openai"),
        ["messages[].content[image]"] = new(Blocks, "messages/0/content/1", "openai"),
        ["messages[].content[].source"] = new(Blocks, "messages/0/content/1/source", "openai"),
        ["messages[].content[].source.url"] = new("""{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://a"}}]}]}""", "messages/0/content/0/source", "vllm"),
        ["messages[].content[document]"] = new(Blocks, "messages/0/content/2", "openai"),
        ["messages[].content[tool_use]"] = new(Blocks, "messages/1/content/1", "openai"),
        ["messages[].content[tool_result]"] = new(Blocks, "messages/2/content/0", "openai"),
        ["messages[].content[thinking]"] = new(Blocks, "messages/3/content/1", "openai"),
        ["messages[].content[redacted_thinking]"] = new(Blocks, "messages/3/content/2", "openai"),
    };

    public static readonly IReadOnlyDictionary<string, SampleText> ChatAnswers = new Dictionary<string, SampleText>
    {
        [""] = new(ChatAnswer, ""),
        ["choices[]"] = new(ChatAnswer, "choices/0"),
        ["choices[].message"] = new(ChatAnswer, "choices/0/message"),
        ["choices[].message.tool_calls[]"] = new(ChatAnswer, "choices/0/message/tool_calls/0"),
        ["choices[].message.tool_calls[].function"] = new(ChatAnswer, "choices/0/message/tool_calls/0/function"),
        ["usage"] = new(ChatAnswer, "usage"),
        ["choices[].stop_reason"] = new("""{"id":"i","model":"m","choices":[{"message":{"content":"x"}}]}""", "choices/0"),
    };

    public static readonly IReadOnlyDictionary<string, SampleText> MessageAnswers = new Dictionary<string, SampleText>
    {
        [""] = new(MessageAnswer, ""),
        ["usage"] = new(MessageAnswer, "usage"),
        ["content[text]"] = new(MessageAnswer, "content/0"),
        ["content[thinking]"] = new(MessageAnswer, "content/1"),
        ["content[redacted_thinking]"] = new(MessageAnswer, "content/2"),
        ["content[tool_use]"] = new(MessageAnswer, "content/3"),
    };

    /// <summary>Values where the text has none, or one that says nothing; by path, and by name.</summary>
    public static readonly IReadOnlyDictionary<string, string> Values = """
        n = 2
        logprobs = true
        top_logprobs = 3
        modalities = ["text","audio"]
        functions = [{}]
        function_call = "auto"
        store = true
        max_completion_tokens = 9
        max_tokens = 9
        temperature = 0.3
        top_p = 0.3
        top_k = 7
        stop = "e"
        stream = true
        stream_options = {"include_usage":true}
        include_usage = true
        tool_choice = "required"
        parallel_tool_calls = false
        reasoning_effort = "high"
        response_format = {"type":"json_schema","json_schema":{"schema":{}}}
        service_tier = "auto"
        safety_identifier = "u"
        user = "u"
        include_obfuscation = true
        continuous_usage_stats = true
        response_format.json_schema.strict = false
        messages[].refusal = "no"
        messages[].tool_calls[].type = "custom"
        detail = "high"
        stop_sequences = ["e"]
        system = "s"
        thinking = {"type":"enabled"}
        output_config = {"effort":"low"}
        output_format = {"type":"json_schema","schema":{}}
        metadata = {"user_id":"u"}
        output_config.effort = "low"
        output_config.format = {"type":"json_schema","schema":{}}
        disable_parallel_tool_use = true
        is_error = true
        finish_reason = "length"
        stop_reason = "max_tokens"
        choices[].stop_reason = "END"
        choices[].message.refusal = "no"
        reasoning_content = "hm"
        reasoning = "hm"
        annotations = [{}]
        cache_read_input_tokens = 5
        cache_creation_input_tokens = 6
        prompt_tokens_details = {"cached_tokens":1}
        choices[].message.tool_calls[].function.arguments = "{\"b\":1}"
        """.Split('\n').Select(l => l.Split(" = ")).ToDictionary(l => l[0], l => l[1]);
}
