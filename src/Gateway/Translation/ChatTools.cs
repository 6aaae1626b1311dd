using System.Text.Json;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>The tools of a chat completion's request, and which of them is to be used, as a message's.</summary>
internal static class ChatTools
{
    private const string OnlyFunctions = "Anthropic knows tools that are functions";

    public static void Write(Members root, Utf8JsonWriter json, Findings findings)
    {
        var any = false;
        foreach (var tool in root[ChatFields.Tools].Items)
        {
            if (!any)
                json.WriteStartArray("tools");
            any = true;
            WriteTool(tool, json, findings);
        }
        if (any)
            json.WriteEndArray();
        WriteChoice(root, any, json, findings);
    }

    private static void WriteTool(JsonValue tool, Utf8JsonWriter json, Findings findings)
    {
        var members = ChatFields.Tool.Read(tool, findings);
        if (!members[ChatFields.ToolType].Is("function"u8))
            findings.Refuse(ApiErrors.NotTranslated(ChatFields.ToolType.Path, OnlyFunctions));
        if (findings.Error is not null)
            return;
        var function = ChatFields.Function.Read(members[ChatFields.ToolFunction], findings);
        json.WriteStartObject();
        json.CopyIfThere("name", function[ChatFields.FunctionName]);
        json.CopyIfThere("description", function[ChatFields.FunctionDescription]);
        json.CopyIfThere("strict", function[ChatFields.FunctionStrict]);
        if (function[ChatFields.FunctionParameters].IsMissing)
            WriteEmptySchema(json);
        else
            json.Copy("input_schema", function[ChatFields.FunctionParameters]);
        json.WriteEndObject();
    }

    private static void WriteEmptySchema(Utf8JsonWriter json)
    {
        json.WriteStartObject("input_schema");
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(Members root, bool hasTools, Utf8JsonWriter json, Findings findings)
    {
        var choice = root[ChatFields.ToolChoice];
        var parallel = root[ChatFields.ParallelToolCalls];
        if (!hasTools)
        {
            if (!choice.IsMissing)
                findings.Drop(ChatFields.ToolChoice.Path);
            if (!parallel.IsMissing)
                findings.Drop(ChatFields.ParallelToolCalls.Path);
            return;
        }
        if (choice.IsMissing && parallel.IsMissing)
            return;
        json.WriteStartObject("tool_choice");
        WriteChosen(choice, json, findings);
        if (!parallel.IsMissing && !choice.Is("none"u8))
            json.WriteBoolean("disable_parallel_tool_use", !parallel.IsTrue);
        json.WriteEndObject();
    }

    private static void WriteChosen(JsonValue choice, Utf8JsonWriter json, Findings findings)
    {
        if (choice.IsObject)
        {
            var members = ChatFields.Choice.Read(choice, findings);
            if (!members[ChatFields.ChoiceType].Is("function"u8))
                findings.Refuse(ApiErrors.NotTranslated(ChatFields.ChoiceType.Path, OnlyFunctions));
            if (findings.Error is not null)
                return;
            json.WriteString("type", "tool");
            json.CopyIfThere("name", ChatFields.ChosenFunction.Read(members[ChatFields.ChoiceFunction], findings)[ChatFields.ChosenName]);
        }
        else if (choice.IsMissing || choice.Is("auto"u8))
        {
            json.WriteString("type", "auto");
        }
        else if (choice.Is("required"u8))
        {
            json.WriteString("type", "any");
        }
        else if (choice.Is("none"u8))
        {
            json.WriteString("type", "none");
        }
        else
        {
            findings.Refuse(ApiErrors.InvalidValue(ChatFields.ToolChoice.Path, "expected `none`, `auto`, `required` or a function"));
        }
    }
}
