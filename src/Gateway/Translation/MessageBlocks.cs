using System.Text.Json;
using Platform.Gateway.Errors;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Translation;

/// <summary>
/// Messages of Anthropic's as a chat completion's: what tools gave is a message of role <c>tool</c> each, right behind the
/// assistant's, and what else the user said follows.
/// </summary>
internal sealed class MessageBlocks(Utf8JsonWriter json, Findings findings, EngineProfile engine)
{
    private readonly MessageParts _parts = new(json, findings, engine);

    public void Write(JsonValue message)
    {
        var members = BlockFields.Message.Read(message, findings);
        var role = members[BlockFields.Role];
        var content = members[BlockFields.Content];
        if (findings.Error is not null)
            return;
        if (role.Is("user"u8) && content.IsArray)
            WriteUser(content);
        else if (role.Is("assistant"u8) && content.IsArray)
            WriteAssistant(content);
        else if (role.Is("user"u8) || role.Is("assistant"u8))
            WriteText(role, content);
        else
            findings.Refuse(ApiErrors.InvalidValue(BlockFields.Role.Path, "expected `user` or `assistant`"));
    }

    private void WriteText(JsonValue role, JsonValue content)
    {
        json.WriteStartObject();
        json.Copy("role", role);
        json.Copy("content", content);
        json.WriteEndObject();
    }

    private void WriteUser(JsonValue content)
    {
        var parts = new List<JsonValue>();
        foreach (var block in content.Items)
        {
            if (block.Member("type"u8).Is("tool_result"u8))
                WriteResult(block, parts);
            else if (!MessageParts.IsPart(block))
                findings.Refuse(ApiErrors.NotTranslated("messages[].content[].type", "a chat completion's user has no such part"));
            else
                parts.Add(block);
            if (findings.Error is not null)
                return;
        }
        if (parts.Count == 0)
            return;
        json.WriteStartObject();
        json.WriteString("role", "user");
        if (parts.Count == 1 && MessageParts.IsText(parts[0]))
            json.Copy("content", _parts.TextOf(parts[0]));
        else
            WriteParts(parts);
        json.WriteEndObject();
    }

    private void WriteParts(List<JsonValue> parts)
    {
        json.WriteStartArray("content");
        foreach (var part in parts)
            _parts.Write(part);
        json.WriteEndArray();
    }

    /// <param name="others">Takes what a message of role <c>tool</c> cannot hold.</param>
    private void WriteResult(JsonValue block, List<JsonValue> others)
    {
        var members = BlockFields.ToolResult.Read(block, findings);
        var content = members[BlockFields.ResultContent];
        var texts = new List<JsonValue>();
        if (content.IsText)
            texts.Add(content);
        foreach (var part in content.Items)
        {
            if (MessageParts.IsText(part))
                texts.Add(_parts.TextOf(part));
            else if (MessageParts.IsPart(part))
                others.Add(part);
            else
                findings.Refuse(ApiErrors.NotTranslated("messages[].content[].type", "a chat completion's tool has no such part"));
            if (findings.Error is not null)
                return;
        }
        if (findings.Error is not null)
            return;
        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.Copy("tool_call_id", members[BlockFields.ResultId]);
        json.Texts("content", texts);
        json.WriteEndObject();
    }

    private void WriteAssistant(JsonValue content)
    {
        var texts = new List<JsonValue>();
        var calls = new List<JsonValue>();
        foreach (var block in content.Items)
        {
            var type = block.Member("type"u8);
            if (MessageParts.IsText(block))
                texts.Add(_parts.TextOf(block));
            else if (type.Is("tool_use"u8))
                calls.Add(block);
            else if (type.Is("thinking"u8))
                BlockFields.ThinkingBlock.Read(block, findings);
            else if (type.Is("redacted_thinking"u8))
                BlockFields.RedactedBlock.Read(block, findings);
            else
                findings.Refuse(ApiErrors.NotTranslated("messages[].content[].type", "a chat completion's assistant has no such part"));
            if (findings.Error is not null)
                return;
        }
        if (findings.Error is not null)
            return;
        json.WriteStartObject();
        json.WriteString("role", "assistant");
        if (texts.Count > 0 || calls.Count == 0)
            json.Texts("content", texts);
        else
            json.WriteNull("content");
        WriteCalls(calls);
        json.WriteEndObject();
    }

    private void WriteCalls(List<JsonValue> calls)
    {
        if (calls.Count == 0)
            return;
        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            var members = BlockFields.ToolUse.Read(call, findings);
            json.WriteStartObject();
            json.Copy("id", members[BlockFields.UseId]);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.Copy("name", members[BlockFields.UseName]);
            json.CopyAsText("arguments", members[BlockFields.UseInput]);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
