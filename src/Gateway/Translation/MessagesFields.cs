using Kinds = Platform.Gateway.Requests.JsonKinds;

namespace Platform.Gateway.Translation;

/// <summary>A message's request (Anthropic's Messages API), and what becomes of it as a chat completion's.</summary>
internal static class MessagesFields
{
    private const string Caching = "the server caches by itself";
    private const string AtProvider = "it is a service of Anthropic's own";
    private const string Loading = "all tools are there at once";

    public static readonly Scope Root = new Scope("")
        .Refuses("container", AtProvider)
        .Refuses("mcp_servers", AtProvider)
        .Refuses("inference_geo", "the server is where it is")
        .Drops("context_management", "the conversation goes on whole")
        .Drops("cache_control", Caching)
        .Drops("speed", "the server is as fast as it is");

    public static readonly Field Model = Root.Maps("model", Kinds.Text, "`model`, as the endpoint calls it", required: true);
    public static readonly Field Messages = Root.Maps("messages", Kinds.Array, "`messages`", required: true);
    public static readonly Field MaxTokens = Root.Maps("max_tokens", Kinds.Number, "`max_tokens`; `max_completion_tokens` for `openai`");
    public static readonly Field System = Root.Maps("system", Kinds.Text | Kinds.Array, "the first message, of role `system`");
    public static readonly Field Temperature = Root.Maps("temperature", Kinds.Number, "`temperature`");
    public static readonly Field TopP = Root.Maps("top_p", Kinds.Number, "`top_p`");
    public static readonly Field TopK = Root.Maps("top_k", Kinds.Number, "`top_k` where the engine has it (`vllm`, `sglang`, `trtllm`, `llamacpp`, `nim`); else dropped");
    public static readonly Field StopSequences = Root.Maps("stop_sequences", Kinds.Array, "`stop`");
    public static readonly Field Stream = Root.Maps("stream", Kinds.Flag, "`stream`, with `stream_options` that ask for usage");
    public static readonly Field Tools = Root.Maps("tools", Kinds.Array, "`tools`");
    public static readonly Field ToolChoice = Root.Maps("tool_choice", Kinds.Object, "`tool_choice`: `any` is `required`");
    public static readonly Field Thinking = Root.Maps("thinking", Kinds.Object, "`reasoning_effort`; dropped beside `output_config.effort`");
    public static readonly Field OutputConfig = Root.Maps("output_config", Kinds.Object, "`reasoning_effort` and `response_format`");
    public static readonly Field OutputFormat = Root.Maps("output_format", Kinds.Object, "`response_format`; dropped beside `output_config.format`");
    public static readonly Field Metadata = Root.Maps("metadata", Kinds.Object, "`user`");
    public static readonly Field ServiceTier = Root.Maps("service_tier", Kinds.Text, "`service_tier`: `auto`, and `standard_only` as `default`; others are dropped");

    public static readonly Scope Meta = new("metadata");
    public static readonly Field UserId = Meta.Maps("user_id", Kinds.Text, "`user`");

    public static readonly Scope Thought = new Scope("thinking")
        .Drops("display", "thoughts come as the server shows them");

    public static readonly Field ThoughtType = Thought.Maps("type", Kinds.Text, "`enabled`; `adaptive` is nothing; `disabled` is dropped: the server thinks as it does", required: true);
    public static readonly Field Budget = Thought.Maps("budget_tokens", Kinds.Number, "`reasoning_effort`: `low` up to 4096, `medium` up to 12288, else `high`");

    public static readonly Scope Output = new("output_config");
    public static readonly Field Effort = Output.Maps("effort", Kinds.Text, "`reasoning_effort`: `low` and `medium`; all above is `high`; others are dropped");
    public static readonly Field OutputSchema = Output.Maps("format", Kinds.Object, "`response_format`");

    public static readonly Scope Format = new("output_config.format");
    public static readonly Field FormatType = Format.Maps("type", Kinds.Text, "`json_schema`; others are refused", required: true);
    public static readonly Field FormatSchema = Format.Maps("schema", Kinds.Object, "`json_schema.schema`, strict, named `answer`", required: true);

    public static readonly Scope Tool = new Scope("tools[]")
        .Drops("cache_control", Caching)
        .Drops("defer_loading", Loading)
        .Drops("allowed_callers", Loading)
        .Drops("input_examples", "a function has no examples")
        .Drops("eager_input_streaming", "the server streams as it does");

    public static readonly Field ToolType = Tool.Maps("type", Kinds.Text, "`function` for `custom`; tools of Anthropic's own are refused");
    public static readonly Field ToolName = Tool.Maps("name", Kinds.Text, "`function.name`", required: true);
    public static readonly Field ToolDescription = Tool.Maps("description", Kinds.Text, "`function.description`");
    public static readonly Field ToolSchema = Tool.Maps("input_schema", Kinds.Object, "`function.parameters`", required: true);
    public static readonly Field ToolStrict = Tool.Maps("strict", Kinds.Flag, "`function.strict`");

    public static readonly Scope Choice = new("tool_choice");
    public static readonly Field ChoiceType = Choice.Maps("type", Kinds.Text, "`auto`, `none`, `any` as `required`, `tool` as the function", required: true);
    public static readonly Field ChoiceName = Choice.Maps("name", Kinds.Text, "`function.name`");
    public static readonly Field DisableParallel = Choice.Maps("disable_parallel_tool_use", Kinds.Flag, "`parallel_tool_calls`, turned around");

    public static readonly Scope SystemText = new Scope("system[text]")
        .Drops("cache_control", Caching)
        .Drops("citations", "it is the caller's own text");

    public static readonly Field SystemType = SystemText.Maps("type", Kinds.Text, "`text`", required: true);
    public static readonly Field SystemTextText = SystemText.Maps("text", Kinds.Text, "`text`", required: true);
}
