using System.Text.Json;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>The tools of a message's request, and which of them is to be used, as a chat completion's.</summary>
internal static class MessageTools
{
    public static void Write(Members root, Utf8JsonWriter json, Findings findings)
    {
        WriteTools(root, json, findings);
        if (!root[MessagesFields.ToolChoice].IsMissing)
            WriteChoice(MessagesFields.Choice.Read(root[MessagesFields.ToolChoice], findings), json, findings);
    }

    public static void WriteTools(Members root, Utf8JsonWriter json, Findings findings)
    {
        var any = false;
        foreach (var tool in root[MessagesFields.Tools].Items)
        {
            if (!any)
                json.WriteStartArray("tools");
            any = true;
            WriteTool(tool, json, findings);
        }
        if (any)
            json.WriteEndArray();
    }

    private static void WriteTool(JsonValue tool, Utf8JsonWriter json, Findings findings)
    {
        var type = tool.Member("type"u8);
        if (!type.IsMissing && !type.Is("custom"u8))
            findings.Refuse(ApiErrors.NotTranslated(MessagesFields.ToolType.Path, "it is a tool of Anthropic's own"));
        if (findings.Error is not null)
            return;
        var members = MessagesFields.Tool.Read(tool, findings);
        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.Copy("name", members[MessagesFields.ToolName]);
        json.CopyIfThere("description", members[MessagesFields.ToolDescription]);
        json.Copy("parameters", members[MessagesFields.ToolSchema]);
        json.CopyIfThere("strict", members[MessagesFields.ToolStrict]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(Members choice, Utf8JsonWriter json, Findings findings)
    {
        var type = choice[MessagesFields.ChoiceType];
        if (type.Is("tool"u8))
            WriteChosen(choice[MessagesFields.ChoiceName], json, findings);
        else if (type.Is("any"u8))
            json.WriteString("tool_choice", "required");
        else if (type.Is("auto"u8) || type.Is("none"u8))
            json.Copy("tool_choice", type);
        else if (!type.IsMissing)
            findings.Refuse(ApiErrors.InvalidValue(MessagesFields.ChoiceType.Path, "expected `auto`, `any`, `none` or `tool`"));
        if (!choice[MessagesFields.DisableParallel].IsMissing)
            json.WriteBoolean("parallel_tool_calls", !choice[MessagesFields.DisableParallel].IsTrue);
    }

    private static void WriteChosen(JsonValue name, Utf8JsonWriter json, Findings findings)
    {
        if (name.IsMissing)
            findings.Refuse(ApiErrors.Missing(MessagesFields.ChoiceName.Path));
        json.WriteStartObject("tool_choice");
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.Copy("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
