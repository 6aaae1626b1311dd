using Kinds = Platform.Gateway.Requests.JsonKinds;

namespace Platform.Gateway.Translation;

/// <summary>The messages of a chat completion's request, and what becomes of them as a message's.</summary>
internal static class ChatMessageFields
{
    private const string NoThoughts = "Anthropic takes thoughts back with its own signature only";
    private const string Caching = "Anthropic caches by `cache_control`";

    public static readonly Scope Message = new Scope("messages[]")
        .Refuses("audio", "Anthropic does not listen")
        .Refuses("function_call", "it is deprecated: use `tool_calls`")
        .Drops("name", "Anthropic's messages have none")
        .Drops("reasoning_content", NoThoughts)
        .Drops("reasoning", NoThoughts);

    public static readonly Field Role = Message.Maps(
        "role", Kinds.Text, "`user` and `assistant`; `system` and `developer` go to `system`, in their order; `tool` is a `tool_result` of the user; messages of one role that follow each other are one", required: true);

    public static readonly Field Content = Message.Maps("content", Kinds.Text | Kinds.Array, "`messages[].content`; an empty text is left out, as Anthropic refuses it");
    public static readonly Field Refusal = Message.Maps("refusal", Kinds.Text, "a block of text");
    public static readonly Field ToolCalls = Message.Maps("tool_calls", Kinds.Array, "blocks `tool_use` of the assistant");
    public static readonly Field ToolCallId = Message.Maps("tool_call_id", Kinds.Text, "`tool_use_id` of the `tool_result`");

    public static readonly Scope Call = new Scope("messages[].tool_calls[]")
        .Refuses("custom", "Anthropic's tools take JSON")
        .Drops("index", "the order says it");

    public static readonly Field CallId = Call.Maps("id", Kinds.Text, "`id`", required: true);
    public static readonly Field CallType = Call.Maps("type", Kinds.Text, "`function`; others are refused");
    public static readonly Field CallFunction = Call.Maps("function", Kinds.Object, "the block itself", required: true);

    public static readonly Scope CalledFunction = new("messages[].tool_calls[].function");
    public static readonly Field CalledName = CalledFunction.Maps("name", Kinds.Text, "`name`", required: true);
    public static readonly Field CalledArguments = CalledFunction.Maps("arguments", Kinds.Text, "`input`; what is no JSON object is refused", required: true);

    public static readonly Scope TextPart = new Scope("messages[].content[text]")
        .Drops("prompt_cache_breakpoint", Caching)
        .Drops("cache_control", Caching);

    public static readonly Field TextType = TextPart.Maps("type", Kinds.Text, "`text`", required: true);
    public static readonly Field TextText = TextPart.Maps("text", Kinds.Text, "`text`", required: true);

    public static readonly Scope RefusalPart = new("messages[].content[refusal]");
    public static readonly Field RefusalType = RefusalPart.Maps("type", Kinds.Text, "`text`", required: true);
    public static readonly Field RefusalText = RefusalPart.Maps("refusal", Kinds.Text, "`text`", required: true);

    public static readonly Scope ImagePart = new Scope("messages[].content[image_url]")
        .Drops("prompt_cache_breakpoint", Caching)
        .Drops("cache_control", Caching);

    public static readonly Field ImageType = ImagePart.Maps("type", Kinds.Text, "`image`", required: true);
    public static readonly Field ImageUrl = ImagePart.Maps("image_url", Kinds.Object, "`source`", required: true);

    public static readonly Scope Image = new Scope("messages[].content[image_url].image_url")
        .Drops("detail", "Anthropic decides it itself", v => v.Is("auto"u8));

    public static readonly Field Url = Image.Maps("url", Kinds.Text, "`source` `base64` of a `data:` address, `url` of an `http:` or `https:` one; others are refused", required: true);

    public static readonly Scope FilePart = new Scope("messages[].content[file]")
        .Drops("prompt_cache_breakpoint", Caching)
        .Drops("cache_control", Caching);

    public static readonly Field FileType = FilePart.Maps("type", Kinds.Text, "`document`", required: true);
    public static readonly Field FileFile = FilePart.Maps("file", Kinds.Object, "`source`", required: true);

    public static readonly Scope File = new Scope("messages[].content[file].file")
        .Refuses("file_id", "the file is the other provider's");

    public static readonly Field FileData = File.Maps("file_data", Kinds.Text, "`source` `base64`: a `data:` address", required: true);
    public static readonly Field FileName = File.Maps("filename", Kinds.Text, "`title`");

    public static readonly Scope AudioPart = new Scope("messages[].content[input_audio]")
        .Refuses("type", "Anthropic does not listen")
        .Refuses("input_audio", "Anthropic does not listen");
}
