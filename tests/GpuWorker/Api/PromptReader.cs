using System.Text.Json;
using Platform.GpuWorker.Tokens;

namespace Platform.GpuWorker.Api;

/// <summary>Turns <c>messages</c> and <c>prompt</c> into tokens. Each method returns what is wrong, or null.</summary>
internal static class PromptReader
{
    /// <summary>The messages, and before them the definitions of the tools, as the chat template puts them.</summary>
    public static ApiError? Chat(JsonElement messages, JsonElement? tools, Action<int> token)
    {
        if (messages.ValueKind != JsonValueKind.Array)
            return ApiError.WrongType("messages", "an array of objects");
        if (messages.GetArrayLength() == 0)
            return ApiError.Invalid("messages", "Invalid 'messages': empty array. Expected an array with minimum length 1.");
        var template = new ChatTemplate(token);
        template.Begin();
        if (tools is { } definitions)
            template.Text(definitions.GetRawText());
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (Message(message, $"messages[{index++}]", template) is { } fault)
                return fault;
        }
        template.StartAnswer();
        return null;
    }

    /// <summary>A text, a list with one text, or a list of token ids.</summary>
    public static ApiError? Completion(JsonElement prompt, Action<int> token)
    {
        if (prompt.ValueKind == JsonValueKind.Array && prompt.GetArrayLength() == 1 && prompt[0].ValueKind == JsonValueKind.String)
            prompt = prompt[0];
        if (JsonFields.ReadText(prompt) is { } text)
        {
            Tokenizer.Encode(text, token);
            return null;
        }
        if (prompt.ValueKind != JsonValueKind.Array)
            return ApiError.WrongType("prompt", "a string or an array of token ids");
        foreach (var element in prompt.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out var id))
                return ApiError.WrongType("prompt", "one string or an array of token ids; the simulator takes one prompt at a time");
            token(id);
        }
        return null;
    }

    private static ApiError? Message(JsonElement message, string name, ChatTemplate template)
    {
        if (message.ValueKind != JsonValueKind.Object)
            return ApiError.WrongType(name, "an object");
        var fields = new JsonFields(message);
        var role = fields.Text("role");
        if (fields.Fault is not null)
            return ApiError.WrongType($"{name}.role", "a string");
        if (string.IsNullOrEmpty(role))
            return ApiError.Missing($"{name}.role");
        template.StartMessage(role);
        if (fields.Member("tool_calls") is { } calls)
            template.Text(calls.GetRawText());
        if (fields.Member("content") is { } content && Content(content, $"{name}.content", template) is { } fault)
            return fault;
        template.EndMessage();
        return null;
    }

    private static ApiError? Content(JsonElement content, string name, ChatTemplate template)
    {
        if (JsonFields.ReadText(content) is { } text)
        {
            template.Text(text);
            return null;
        }
        if (content.ValueKind != JsonValueKind.Array)
            return ApiError.WrongType(name, "a string or an array of objects");
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type", out var type))
                return ApiError.WrongType(name, "a string or an array of objects with a type");
            if (JsonFields.ReadText(type) != "text")
                template.OtherPart();
            else if (part.TryGetProperty("text", out var value) && JsonFields.ReadText(value) is { } partText)
                template.Text(partText);
            else
                return ApiError.Missing($"{name}[].text");
        }
        return null;
    }
}
