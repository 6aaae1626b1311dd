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
        .Drops("total_tokens", "it is the sum", _ => true);

    public static readonly Field PromptTokens = Count.Maps("prompt_tokens", Kinds.Number, "`input_tokens`, `cache_read_input_tokens` and `cache_creation_input_tokens` together");
    public static readonly Field CompletionTokens = Count.Maps("completion_tokens", Kinds.Number, "`output_tokens`");
    public static readonly Field CompletionDetails = Count.Maps(
        "completion_tokens_details", Kinds.Object, "`reasoning_tokens` are `thinking_tokens` of `output_tokens_details`; the rest lies within `output_tokens`");

    public static readonly Field ReasoningTokens = Count.Maps("reasoning_tokens", Kinds.Number, "`thinking_tokens` of `output_tokens_details`");
    public static readonly Field PromptDetails = Count.Maps("prompt_tokens_details", Kinds.Object, "`cached_tokens` are `cache_read_input_tokens`, `cache_write_tokens` `cache_creation_input_tokens`");
}
