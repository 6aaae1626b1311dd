using Kinds = Platform.Gateway.Requests.JsonKinds;

namespace Platform.Gateway.Translation;

/// <summary>The blocks of a message's content (Anthropic's Messages API), and what becomes of them in a chat completion's request.</summary>
internal static class BlockFields
{
    private const string Caching = "the server caches by itself";
    private const string NoCitations = "the server cites nothing";
    private const string Thoughts = "a chat completion does not take thoughts back";

    public static readonly Scope Message = new("messages[]");
    public static readonly Field Role = Message.Maps("role", Kinds.Text, "`role`", required: true);

    public static readonly Field Content = Message.Maps(
        "content", Kinds.Text | Kinds.Array, "`content`; a user's results of tools are messages of role `tool` before it; blocks of other types are refused", required: true);

    public static readonly Scope TextBlock = new Scope("messages[].content[text]")
        .Drops("cache_control", Caching)
        .Drops("citations", NoCitations);

    public static readonly Field TextType = TextBlock.Maps("type", Kinds.Text, "`text`", required: true);
    public static readonly Field TextText = TextBlock.Maps("text", Kinds.Text, "`text`", required: true);

    public static readonly Scope ImageBlock = new Scope("messages[].content[image]")
        .Drops("cache_control", Caching);

    public static readonly Field ImageType = ImageBlock.Maps("type", Kinds.Text, "`image_url`", required: true);
    public static readonly Field ImageSource = ImageBlock.Maps("source", Kinds.Object, "`image_url.url`; that of a tool's result is the user's", required: true);

    public static readonly Scope DocumentBlock = new Scope("messages[].content[document]")
        .Drops("cache_control", Caching)
        .Drops("citations", NoCitations)
        .Drops("context", "a file has a name and nothing else");

    public static readonly Field DocumentType = DocumentBlock.Maps("type", Kinds.Text, "`file`; `text` for a source of type `text`", required: true);
    public static readonly Field DocumentSource = DocumentBlock.Maps("source", Kinds.Object, "`file.file_data` for `openai`; refused elsewhere, but for a source of type `text`", required: true);
    public static readonly Field DocumentTitle = DocumentBlock.Maps("title", Kinds.Text, "`file.filename`");

    public static readonly Scope Source = new Scope("messages[].content[].source")
        .Refuses("file_id", "the file is the other provider's")
        .Refuses("content", "a file is one piece");

    public static readonly Field SourceType = Source.Maps("type", Kinds.Text, "`base64`, `text`, and `url` of an image; others are refused", required: true);
    public static readonly Field SourceMedia = Source.Maps("media_type", Kinds.Text, "the type in a `data:` address");
    public static readonly Field SourceData = Source.Maps("data", Kinds.Text, "the data in a `data:` address, or the text");
    public static readonly Field SourceUrl = Source.Maps("url", Kinds.Text, "`image_url.url`");

    public static readonly Scope ToolUse = new Scope("messages[].content[tool_use]")
        .Drops("cache_control", Caching)
        .Drops("caller", "it is always the model");

    public static readonly Field UseType = ToolUse.Maps("type", Kinds.Text, "`function`", required: true);
    public static readonly Field UseId = ToolUse.Maps("id", Kinds.Text, "`tool_calls[].id`", required: true);
    public static readonly Field UseName = ToolUse.Maps("name", Kinds.Text, "`tool_calls[].function.name`", required: true);
    public static readonly Field UseInput = ToolUse.Maps("input", Kinds.Object, "`tool_calls[].function.arguments`", required: true);

    public static readonly Scope ToolResult = new Scope("messages[].content[tool_result]")
        .Drops("cache_control", Caching)
        .Drops("is_error", "the result says it itself", v => !v.IsTrue);

    public static readonly Field ResultType = ToolResult.Maps("type", Kinds.Text, "role `tool`", required: true);
    public static readonly Field ResultId = ToolResult.Maps("tool_use_id", Kinds.Text, "`tool_call_id`", required: true);
    public static readonly Field ResultContent = ToolResult.Maps("content", Kinds.Text | Kinds.Array, "`content`: its texts");

    public static readonly Scope ThinkingBlock = new Scope("messages[].content[thinking]")
        .Drops("type", Thoughts)
        .Drops("thinking", Thoughts)
        .Drops("signature", Thoughts);

    public static readonly Scope RedactedBlock = new Scope("messages[].content[redacted_thinking]")
        .Drops("type", Thoughts)
        .Drops("data", Thoughts);
}
