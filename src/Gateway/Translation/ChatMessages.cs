using System.Text.Json;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>
/// The messages of a chat completion as a message's: <c>system</c> beside them, results of tools as the user's, and one
/// message where several of one role follow each other, as Anthropic has it.
/// </summary>
internal sealed class ChatMessages
{
    private readonly Utf8JsonWriter _json;
    private readonly Findings _findings;
    private readonly ChatParts _parts;
    private string? _open;

    private ChatMessages(Utf8JsonWriter json, Findings findings) => (_json, _findings, _parts) = (json, findings, new(json, findings));

    public static void Write(JsonValue messages, Utf8JsonWriter json, Findings findings) => new ChatMessages(json, findings).Write(messages);

    private void Write(JsonValue messages)
    {
        foreach (var message in messages.Items)
            WriteIfSystem(message);
        Close();
        _json.WriteStartArray("messages");
        var any = false;
        foreach (var message in messages.Items)
            any |= WriteUnlessSystem(message);
        Close();
        _json.WriteEndArray();
        if (!any)
            _findings.Refuse(ApiErrors.InvalidValue(ChatFields.Messages.Path, "the model's server needs one that is not of role `system` or `developer`"));
    }

    private void WriteIfSystem(JsonValue message)
    {
        if (!IsSystem(message.Member("role"u8)))
            return;
        var members = Read(message);
        WriteContent(members, "system", PartKinds.Text);
        DropToolMembers(members);
    }

    /// <summary>True where it is not of the system.</summary>
    private bool WriteUnlessSystem(JsonValue message)
    {
        var role = message.Member("role"u8);
        if (IsSystem(role))
            return false;
        var members = Read(message);
        if (role.Is("user"u8))
            WriteContent(members, "user", PartKinds.Text | PartKinds.Media);
        else if (role.Is("assistant"u8))
            WriteAssistant(members);
        else if (role.Is("tool"u8))
            WriteResult(members);
        else if (role.IsText)
            _findings.Refuse(ApiErrors.NotTranslated(ChatMessageFields.Role.Path, "Anthropic knows `user` and `assistant`, and what is said as theirs"));
        if (!role.Is("assistant"u8) && !members[ChatMessageFields.ToolCalls].IsMissing)
            _findings.Drop(ChatMessageFields.ToolCalls.Path);
        if (!role.Is("tool"u8) && !members[ChatMessageFields.ToolCallId].IsMissing)
            _findings.Drop(ChatMessageFields.ToolCallId.Path);
        if (role.Is("tool"u8) && !members[ChatMessageFields.Refusal].IsMissing)
            _findings.Drop(ChatMessageFields.Refusal.Path);
        return true;
    }

    private void DropToolMembers(Members message)
    {
        foreach (var field in new[] { ChatMessageFields.ToolCalls, ChatMessageFields.ToolCallId, ChatMessageFields.Refusal })
        {
            if (!message[field].IsMissing)
                _findings.Drop(field.Path);
        }
    }

    private void WriteAssistant(Members message)
    {
        WriteContent(message, "assistant", PartKinds.Text | PartKinds.Refusal);
        foreach (var call in message[ChatMessageFields.ToolCalls].Items)
        {
            Open("assistant");
            WriteCall(call);
        }
    }

    private void WriteContent(Members message, string role, PartKinds kinds)
    {
        var content = message[ChatMessageFields.Content];
        if (content.IsText && !content.IsEmptyText)
            WriteText(role, content);
        else if (content.IsText && message[ChatMessageFields.ToolCalls].IsMissing)
            _findings.Drop(ChatMessageFields.Content.Path);
        foreach (var part in content.Items)
        {
            if (ChatParts.IsEmpty(part))
            {
                _findings.Drop(ChatMessageFields.TextText.Path);
                continue;
            }
            Open(role);
            _parts.Write(part, kinds);
        }
        var refusal = message[ChatMessageFields.Refusal];
        if (role == "assistant" && !refusal.IsMissing && !refusal.IsEmptyText)
            WriteText(role, refusal);
        else if (role == "user" && !refusal.IsMissing)
            _findings.Drop(ChatMessageFields.Refusal.Path);
    }

    private void WriteText(string role, JsonValue text)
    {
        Open(role);
        _json.TextBlock(text);
    }

    private void WriteCall(JsonValue call)
    {
        var members = ChatMessageFields.Call.Read(call, _findings);
        var type = members[ChatMessageFields.CallType];
        if (!type.IsMissing && !type.Is("function"u8))
            _findings.Refuse(ApiErrors.NotTranslated(ChatMessageFields.CallType.Path, "Anthropic's tools take JSON"));
        if (_findings.Error is not null)
            return;
        var function = ChatMessageFields.CalledFunction.Read(members[ChatMessageFields.CallFunction], _findings);
        if (_findings.Error is not null)
            return;
        if (function[ChatMessageFields.CalledArguments].Embedded() is not { } input)
        {
            _findings.Refuse(ApiErrors.InvalidValue(ChatMessageFields.CalledArguments.Path, "it is not the text of a JSON object"));
            return;
        }
        _json.WriteStartObject();
        _json.WriteString("type", "tool_use");
        _json.Copy("id", members[ChatMessageFields.CallId]);
        _json.Copy("name", function[ChatMessageFields.CalledName]);
        _json.Copy("input", input);
        _json.WriteEndObject();
    }

    private void WriteResult(Members message)
    {
        if (message[ChatMessageFields.ToolCallId].IsMissing)
        {
            _findings.Refuse(ApiErrors.Missing(ChatMessageFields.ToolCallId.Path));
            return;
        }
        Open("user");
        _json.WriteStartObject();
        _json.WriteString("type", "tool_result");
        _json.Copy("tool_use_id", message[ChatMessageFields.ToolCallId]);
        var content = message[ChatMessageFields.Content];
        if (content.IsText)
        {
            _json.Copy("content", content);
        }
        else
        {
            _json.WriteStartArray("content");
            foreach (var part in content.Items)
            {
                if (!ChatParts.IsEmpty(part))
                    _parts.Write(part, PartKinds.Text | PartKinds.Media);
            }
            _json.WriteEndArray();
        }
        _json.WriteEndObject();
    }

    private Members Read(JsonValue message) => ChatMessageFields.Message.Read(message, _findings);

    /// <summary>Goes on with the message of that role, or begins one; the system's texts are a list of their own.</summary>
    private void Open(string role)
    {
        if (_open == role)
            return;
        Close();
        if (role == "system")
        {
            _json.WriteStartArray("system");
        }
        else
        {
            _json.WriteStartObject();
            _json.WriteString("role", role);
            _json.WriteStartArray("content");
        }
        _open = role;
    }

    private void Close()
    {
        if (_open is null)
            return;
        _json.WriteEndArray();
        if (_open != "system")
            _json.WriteEndObject();
        _open = null;
    }

    private static bool IsSystem(JsonValue role) => role.Is("system"u8) || role.Is("developer"u8);
}
