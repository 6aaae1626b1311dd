using System.Text.Json;
using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Translation;

/// <summary>Chat completions, for a caller that reads messages.</summary>
internal sealed class MessagesFromChat() : TranslatedAnswers(ChatAnswers.Codec)
{
    public static readonly MessagesFromChat Codec = new();

    public override EventPolicy NewEvents(Exchange exchange) => new MessageEventsFromChat(AnswerContext.Of(exchange), exchange.Meter);

    protected override void Write(JsonValue answer, AnswerContext context, AnswerMeter meter, Utf8JsonWriter json, Findings findings)
    {
        var root = ChatAnswerFields.Root.Read(answer, findings);
        var choice = First(root[ChatAnswerFields.Choices], findings);
        var message = findings.Error is null ? ChatAnswerFields.Said.Read(choice[ChatAnswerFields.Message], findings) : default;
        if (!root[ChatAnswerFields.Usage].IsMissing)
            ChatAnswerFields.Count.Read(root[ChatAnswerFields.Usage], findings);
        if (findings.Error is not null)
            return;
        json.WriteStartObject();
        json.MessageHead(root[ChatAnswerFields.Id], root[ChatAnswerFields.Model], context);
        json.WriteStartArray("content");
        WriteThinking(message, json);
        WriteText(message[ChatAnswerFields.Content], json);
        WriteText(message[ChatAnswerFields.Refusal], json);
        var usedTools = false;
        foreach (var call in message[ChatAnswerFields.ToolCalls].Items)
        {
            usedTools = true;
            WriteCall(ChatAnswerFields.Call.Read(call, findings), json, findings);
        }
        json.WriteEndArray();
        WriteStop(choice, message, usedTools, json, meter);
        json.MessageUsage(meter.Usage ?? default);
        json.WriteEndObject();
    }

    private static Members First(JsonValue choices, Findings findings)
    {
        foreach (var choice in choices.Items)
            return ChatAnswerFields.Choice.Read(choice, findings);
        findings.Refuse(ApiErrors.Missing(ChatAnswerFields.Choices.Path));
        return default;
    }

    private static void WriteThinking(Members message, Utf8JsonWriter json)
    {
        var thoughts = message[ChatAnswerFields.ReasoningContent].IsMissing ? message[ChatAnswerFields.Reasoning] : message[ChatAnswerFields.ReasoningContent];
        if (thoughts.IsMissing || thoughts.IsEmptyText)
            return;
        json.WriteStartObject();
        json.WriteString("type", "thinking");
        json.Copy("thinking", thoughts);
        json.WriteString("signature", "");
        json.WriteEndObject();
    }

    private static void WriteText(JsonValue text, Utf8JsonWriter json)
    {
        if (!text.IsMissing && !text.IsEmptyText)
            json.TextBlock(text);
    }

    private static void WriteCall(Members call, Utf8JsonWriter json, Findings findings)
    {
        if (call[ChatAnswerFields.CallFunction].IsMissing)
            return;
        var function = ChatAnswerFields.Function.Read(call[ChatAnswerFields.CallFunction], findings);
        var arguments = function[ChatAnswerFields.Arguments];
        json.WriteStartObject();
        json.WriteString("type", "tool_use");
        json.CopyAsText("id", call[ChatAnswerFields.CallId]);
        json.CopyAsText("name", function[ChatAnswerFields.FunctionName]);
        if (arguments.IsObject || arguments.IsMissing)
            json.Copy("input", arguments.IsMissing ? JsonValue.EmptyObject : arguments);
        else if (arguments.IsText && arguments.Embedded() is { } input)
            json.Copy("input", input);
        else
            WriteBroken(arguments, json);
        json.WriteEndObject();
    }

    /// <summary>A model that was cut short, or wrote no JSON: the caller sees what it wrote.</summary>
    private static void WriteBroken(JsonValue arguments, Utf8JsonWriter json)
    {
        json.WriteStartObject("input");
        json.Copy("arguments", arguments);
        json.WriteEndObject();
    }

    private static void WriteStop(Members choice, Members message, bool usedTools, Utf8JsonWriter json, AnswerMeter meter)
    {
        var stopText = choice[ChatAnswerFields.StopReason];
        var refused = !message[ChatAnswerFields.Refusal].IsMissing && !message[ChatAnswerFields.Refusal].IsEmptyText;
        var reason = refused ? "refusal" : StopReasons.ToMessages(meter.FinishReason, usedTools, stopText.IsText);
        json.WriteString("stop_reason", reason);
        if (reason == "stop_sequence")
            json.Copy("stop_sequence", stopText);
        else
            json.WriteNull("stop_sequence");
    }
}
