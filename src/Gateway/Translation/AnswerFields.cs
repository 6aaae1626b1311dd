using Kinds = Platform.Gateway.Requests.JsonKinds;

namespace Platform.Gateway.Translation;

/// <summary>A chat completion (OpenAI, <c>CreateChatCompletionResponse</c>), and what becomes of it as a message.</summary>
internal static class ChatAnswerFields
{
    private const string NoPlace = "a message has no place for it";

    public static readonly Scope Root = new Scope("")
        .Drops("object", "it says the same always", _ => true)
        .Drops("created", "a message has no time", _ => true)
        .Drops("system_fingerprint", NoPlace)
        .Drops("service_tier", NoPlace);

    public static readonly Field Id = Root.Maps("id", Kinds.Text, "`id`");
    public static readonly Field Model = Root.Maps("model", Kinds.Text, "`model`");
    public static readonly Field Choices = Root.Maps("choices", Kinds.Array, "the message: the first", required: true);
    public static readonly Field Usage = Root.Maps("usage", Kinds.Object, "`usage`: `input_tokens` is without those that the cache gave or took");

    public static readonly Scope Choice = new Scope("choices[]")
        .Drops("index", "there is one", _ => true)
        .Drops("logprobs", NoPlace);

    public static readonly Field Message = Choice.Maps("message", Kinds.Object, "`content`", required: true);
    public static readonly Field FinishReason = Choice.Maps(
        "finish_reason", Kinds.Text, "`stop_reason`: `stop` is `end_turn`, `length` `max_tokens`, `tool_calls` `tool_use`, `content_filter` `refusal`");

    public static readonly Field StopReason = Choice.Maps("stop_reason", Kinds.Text | Kinds.Number, "`stop_sequence`, where it is a text (vLLM)");

    public static readonly Scope Said = new Scope("choices[].message")
        .Drops("role", "it is the assistant always", _ => true)
        .Drops("annotations", NoPlace, v => v.Raw.Length == 2)
        .Drops("audio", NoPlace)
        .Drops("function_call", "it is deprecated");

    public static readonly Field Content = Said.Maps("content", Kinds.Text, "a block `text`");
    public static readonly Field Refusal = Said.Maps("refusal", Kinds.Text, "a block `text`; `stop_reason` is `refusal`");
    public static readonly Field ReasoningContent = Said.Maps("reasoning_content", Kinds.Text, "a block `thinking`, without a signature");
    public static readonly Field Reasoning = Said.Maps("reasoning", Kinds.Text, "a block `thinking`, unless `reasoning_content` is there");
    public static readonly Field ToolCalls = Said.Maps("tool_calls", Kinds.Array, "blocks `tool_use`, in their order");

    public static readonly Scope Call = new Scope("choices[].message.tool_calls[]")
        .Drops("type", "it is a function always", _ => true)
        .Drops("index", "the order says it", _ => true)
        .Drops("custom", "Anthropic's tools take JSON");

    public static readonly Field CallId = Call.Maps("id", Kinds.Text, "`id`");
    public static readonly Field CallFunction = Call.Maps("function", Kinds.Object, "the block itself");

    public static readonly Scope Function = new("choices[].message.tool_calls[].function");
    public static readonly Field FunctionName = Function.Maps("name", Kinds.Text, "`name`");
    public static readonly Field Arguments = Function.Maps("arguments", Kinds.Text | Kinds.Object, "`input`; what is no JSON object is the text `arguments` in it");

    public static readonly Scope Count = new Scope("usage")
        .Drops("total_tokens", "it is the sum", _ => true)
        .Drops("completion_tokens_details", "they lie within `output_tokens`", _ => true);

    public static readonly Field PromptTokens = Count.Maps("prompt_tokens", Kinds.Number, "`input_tokens`, `cache_read_input_tokens` and `cache_creation_input_tokens` together");
    public static readonly Field CompletionTokens = Count.Maps("completion_tokens", Kinds.Number, "`output_tokens`");
    public static readonly Field PromptDetails = Count.Maps("prompt_tokens_details", Kinds.Object, "`cached_tokens` are `cache_read_input_tokens`, `cache_write_tokens` `cache_creation_input_tokens`");
}

/// <summary>A message (Anthropic's Messages API), and what becomes of it as a chat completion.</summary>
internal static class MessageAnswerFields
{
    private const string NoPlace = "a chat completion has no place for it";

    public static readonly Scope Root = new Scope("")
        .Drops("type", "it says the same always", _ => true)
        .Drops("role", "it is the assistant always", _ => true)
        .Drops("stop_sequence", NoPlace)
        .Drops("container", NoPlace)
        .Drops("context_management", NoPlace);

    public static readonly Field Id = Root.Maps("id", Kinds.Text, "`id`");
    public static readonly Field Model = Root.Maps("model", Kinds.Text, "`model`");
    public static readonly Field Content = Root.Maps("content", Kinds.Array, "the message of the one choice; blocks of other types are dropped", required: true);
    public static readonly Field StopReason = Root.Maps(
        "stop_reason", Kinds.Text, "`finish_reason`: `end_turn`, `stop_sequence` and `pause_turn` are `stop`, `max_tokens` and `model_context_window_exceeded` `length`, `tool_use` `tool_calls`, `refusal` `content_filter`");

    public static readonly Field Usage = Root.Maps("usage", Kinds.Object, "`usage`: `prompt_tokens` holds those that the cache gave or took");

    public static readonly Scope Count = new Scope("usage")
        .Drops("cache_creation", NoPlace, _ => true)
        .Drops("server_tool_use", NoPlace)
        .Drops("service_tier", NoPlace)
        .Drops("inference_geo", NoPlace);

    public static readonly Field InputTokens = Count.Maps("input_tokens", Kinds.Number, "`prompt_tokens`");
    public static readonly Field CacheRead = Count.Maps("cache_read_input_tokens", Kinds.Number, "`prompt_tokens`, and `cached_tokens` of its details");
    public static readonly Field CacheCreation = Count.Maps("cache_creation_input_tokens", Kinds.Number, "`prompt_tokens`, and `cache_write_tokens` of its details");
    public static readonly Field OutputTokens = Count.Maps("output_tokens", Kinds.Number, "`completion_tokens`");

    public static readonly Scope TextBlock = new Scope("content[text]")
        .Drops("type", "it says what the block is", _ => true)
        .Drops("citations", NoPlace);

    public static readonly Field Text = TextBlock.Maps("text", Kinds.Text, "`content`: the texts of all blocks, one behind the other");

    public static readonly Scope ThinkingBlock = new Scope("content[thinking]")
        .Drops("type", "it says what the block is", _ => true)
        .Drops("signature", NoPlace, v => v.IsEmptyText);

    public static readonly Field Thinking = ThinkingBlock.Maps("thinking", Kinds.Text, "`reasoning_content`");

    public static readonly Scope RedactedBlock = new Scope("content[redacted_thinking]")
        .Drops("type", "it says what the block is", _ => true)
        .Drops("data", NoPlace);

    public static readonly Scope ToolUse = new Scope("content[tool_use]")
        .Drops("type", "it says what the block is", _ => true)
        .Drops("caller", NoPlace);

    public static readonly Field UseId = ToolUse.Maps("id", Kinds.Text, "`tool_calls[].id`");
    public static readonly Field UseName = ToolUse.Maps("name", Kinds.Text, "`tool_calls[].function.name`");
    public static readonly Field UseInput = ToolUse.Maps("input", Kinds.Object, "`tool_calls[].function.arguments`");
}
