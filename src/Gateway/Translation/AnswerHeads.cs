using System.Text.Json;

namespace Platform.Gateway.Translation;

/// <summary>The members that every answer of a dialect begins with.</summary>
internal static class AnswerHeads
{
    /// <summary>Of a message, and of the message in <c>message_start</c>.</summary>
    public static void MessageHead(this Utf8JsonWriter json, JsonValue id, JsonValue model, AnswerContext context)
    {
        WriteId(json, id, "msg_", context);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.CopyAsText("model", model);
    }

    /// <summary>Of a chat completion, and of a chunk of one.</summary>
    public static void ChatHead(this Utf8JsonWriter json, JsonValue id, JsonValue model, string kind, AnswerContext context)
    {
        WriteId(json, id, "chatcmpl-", context);
        json.WriteString("object", kind);
        json.WriteNumber("created", context.Created);
        json.CopyAsText("model", model);
    }

    private static void WriteId(Utf8JsonWriter json, JsonValue id, string prefix, AnswerContext context)
    {
        if (id.IsText && !id.IsEmptyText)
            json.Copy("id", id);
        else
            json.WriteString("id", prefix + context.Id);
    }
}
