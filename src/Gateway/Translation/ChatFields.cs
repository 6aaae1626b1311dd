using Kinds = Platform.Gateway.Requests.JsonKinds;

namespace Platform.Gateway.Translation;

/// <summary>A chat completion's request (OpenAI, <c>CreateChatCompletionRequest</c>), and what becomes of it as a message's.</summary>
internal static class ChatFields
{
    private const string NoStore = "nothing is stored between requests";
    private const string NoSampling = "Anthropic samples without it";
    private const string Caching = "Anthropic caches by `cache_control`, which the caller did not say";

    public static readonly Scope Root = new Scope("")
        .Refuses("n", "an Anthropic answer is one; `1` is nothing", v => v.Integer == 1)
        .Refuses("logprobs", "Anthropic tells none; `false` is nothing", v => !v.IsTrue)
        .Refuses("top_logprobs", "Anthropic tells none; `0` is nothing", v => v.Integer == 0)
        .Refuses("modalities", "Anthropic answers in text; `[\"text\"]` is nothing", IsTextOnly)
        .Refuses("audio", "Anthropic does not speak")
        .Refuses("functions", "it is deprecated: use `tools`")
        .Refuses("function_call", "it is deprecated: use `tool_choice`")
        .Refuses("web_search_options", "it is a tool of OpenAI's own")
        .Drops("frequency_penalty", NoSampling)
        .Drops("presence_penalty", NoSampling)
        .Drops("logit_bias", NoSampling)
        .Drops("seed", NoSampling)
        .Drops("prediction", "it makes an answer faster, not another one")
        .Drops("verbosity", "Anthropic has no such setting")
        .Drops("moderation", "it is a check of OpenAI's own")
        .Drops("metadata", NoStore)
        .Drops("store", NoStore, v => !v.IsTrue)
        .Drops("prompt_cache_key", Caching)
        .Drops("prompt_cache_retention", Caching)
        .Drops("prompt_cache_options", Caching);

    public static readonly Field Model = Root.Maps("model", Kinds.Text, "`model`, as the endpoint calls it", required: true);
    public static readonly Field Messages = Root.Maps("messages", Kinds.Array, "`messages`, and `system`", required: true);
    public static readonly Field MaxCompletionTokens = Root.Maps("max_completion_tokens", Kinds.Number, "`max_tokens`; 4096 where neither is there");
    public static readonly Field MaxTokens = Root.Maps("max_tokens", Kinds.Number, "`max_tokens`; dropped beside `max_completion_tokens`");
    public static readonly Field Temperature = Root.Maps("temperature", Kinds.Number, "`temperature`; above 1 it is refused");
    public static readonly Field TopP = Root.Maps("top_p", Kinds.Number, "`top_p`");
    public static readonly Field TopK = Root.Maps("top_k", Kinds.Number, "`top_k`; `-1` and `0` are nothing");
    public static readonly Field Stop = Root.Maps("stop", Kinds.Text | Kinds.Array, "`stop_sequences`");
    public static readonly Field Stream = Root.Maps("stream", Kinds.Flag, "`stream`");
    public static readonly Field StreamOptions = Root.Maps("stream_options", Kinds.Object, "decides how the answer is streamed");
    public static readonly Field Tools = Root.Maps("tools", Kinds.Array, "`tools`");
    public static readonly Field ToolChoice = Root.Maps("tool_choice", Kinds.Text | Kinds.Object, "`tool_choice`: `required` is `any`; dropped where there are no tools");
    public static readonly Field ParallelToolCalls = Root.Maps("parallel_tool_calls", Kinds.Flag, "`tool_choice.disable_parallel_tool_use`; dropped where there are no tools");
    public static readonly Field ReasoningEffort = Root.Maps(
        "reasoning_effort", Kinds.Text,
        "`thinking`: `minimal` and `low` 2048 tokens, `medium` 8192, `high` 16384, `xhigh` 32768, within half of `max_tokens`; `none` is nothing; dropped where Anthropic cannot think: beside another `temperature` than 1, `top_p` or `top_k`, a forced tool, a tool's result at the end, or under 2048 `max_tokens`");

    public static readonly Field ResponseFormat = Root.Maps("response_format", Kinds.Object, "`output_config.format`");
    public static readonly Field ServiceTier = Root.Maps("service_tier", Kinds.Text, "`service_tier`: `auto`, and `default` as `standard_only`; others are dropped");
    public static readonly Field SafetyIdentifier = Root.Maps("safety_identifier", Kinds.Text, "`metadata.user_id`");
    public static readonly Field User = Root.Maps("user", Kinds.Text, "`metadata.user_id`; dropped beside `safety_identifier`");

    public static readonly Scope StreamOption = new Scope("stream_options")
        .Drops("include_obfuscation", "Anthropic's streams have no padding", v => !v.IsTrue)
        .Drops("continuous_usage_stats", "Anthropic counts at the start and at the end", v => !v.IsTrue);

    public static readonly Field IncludeUsage = StreamOption.Maps("include_usage", Kinds.Flag, "the last chunk counts, from `message_delta`");

    public static readonly Scope Format = new("response_format");
    public static readonly Field FormatType = Format.Maps("type", Kinds.Text, "`json_schema`; `text` is nothing; `json_object` is refused", required: true);
    public static readonly Field FormatSchema = Format.Maps("json_schema", Kinds.Object, "`output_config.format`");

    public static readonly Scope Schema = new Scope("response_format.json_schema")
        .Drops("name", "Anthropic's formats have none")
        .Drops("description", "Anthropic's formats have none")
        .Drops("strict", "Anthropic's formats always are", v => v.IsTrue);

    public static readonly Field SchemaSchema = Schema.Maps("schema", Kinds.Object, "`output_config.format.schema`", required: true);

    public static readonly Scope Tool = new Scope("tools[]")
        .Refuses("custom", "Anthropic's tools take JSON");

    public static readonly Field ToolType = Tool.Maps("type", Kinds.Text, "`function`; others are refused", required: true);
    public static readonly Field ToolFunction = Tool.Maps("function", Kinds.Object, "the tool itself", required: true);

    public static readonly Scope Function = new("tools[].function");
    public static readonly Field FunctionName = Function.Maps("name", Kinds.Text, "`tools[].name`", required: true);
    public static readonly Field FunctionDescription = Function.Maps("description", Kinds.Text, "`tools[].description`");
    public static readonly Field FunctionParameters = Function.Maps("parameters", Kinds.Object, "`tools[].input_schema`; an object without properties where it is missing");
    public static readonly Field FunctionStrict = Function.Maps("strict", Kinds.Flag, "`tools[].strict`");

    public static readonly Scope Choice = new Scope("tool_choice")
        .Refuses("allowed_tools", "Anthropic has no such choice")
        .Refuses("custom", "Anthropic's tools take JSON");

    public static readonly Field ChoiceType = Choice.Maps("type", Kinds.Text, "`function` is `tool`; others are refused", required: true);
    public static readonly Field ChoiceFunction = Choice.Maps("function", Kinds.Object, "`tool_choice`", required: true);
    public static readonly Scope ChosenFunction = new("tool_choice.function");
    public static readonly Field ChosenName = ChosenFunction.Maps("name", Kinds.Text, "`tool_choice.name`", required: true);

    private static bool IsTextOnly(JsonValue value)
    {
        foreach (var item in value.Items)
        {
            if (!item.Is("text"u8))
                return false;
        }
        return true;
    }
}
