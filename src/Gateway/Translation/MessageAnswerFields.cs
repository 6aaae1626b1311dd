using Kinds = Platform.Gateway.Requests.JsonKinds;

namespace Platform.Gateway.Translation;

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
        .Drops("inference_geo", NoPlace)
        .Drops("speed", NoPlace);

    public static readonly Field InputTokens = Count.Maps("input_tokens", Kinds.Number, "`prompt_tokens`");
    public static readonly Field CacheRead = Count.Maps("cache_read_input_tokens", Kinds.Number, "`prompt_tokens`, and `cached_tokens` of its details");
    public static readonly Field CacheCreation = Count.Maps("cache_creation_input_tokens", Kinds.Number, "`prompt_tokens`, and `cache_write_tokens` of its details");
    public static readonly Field OutputTokens = Count.Maps("output_tokens", Kinds.Number, "`completion_tokens`");
    public static readonly Field OutputDetails = Count.Maps("output_tokens_details", Kinds.Object, "`thinking_tokens` are `reasoning_tokens` of `completion_tokens_details`");

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
