using System.Buffers;
using System.Text.Json;
using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.Anthropic;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Translation;

/// <summary>Messages, for a caller that reads chat completions.</summary>
internal sealed class ChatFromMessages() : TranslatedAnswers(MessagesAnswers.Codec)
{
    public static readonly ChatFromMessages Codec = new();

    public override EventPolicy NewEvents(Exchange exchange) => new ChatEventsFromMessages(AnswerContext.Of(exchange), exchange.Meter);

    protected override void Write(JsonValue answer, AnswerContext context, AnswerMeter meter, Utf8JsonWriter json, Findings findings)
    {
        var root = MessageAnswerFields.Root.Read(answer, findings);
        if (!root[MessageAnswerFields.Usage].IsMissing)
            MessageAnswerFields.Count.Read(root[MessageAnswerFields.Usage], findings);
        if (findings.Error is not null)
            return;
        json.WriteStartObject();
        json.ChatHead(root[MessageAnswerFields.Id], root[MessageAnswerFields.Model], "chat.completion", context);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        WriteMessage(root[MessageAnswerFields.Content], json, findings);
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", StopReasons.ToChat(meter.FinishReason));
        json.WriteEndObject();
        json.WriteEndArray();
        if (meter.Usage is { } usage)
            json.ChatUsage(usage);
        json.WriteEndObject();
    }

    private static void WriteMessage(JsonValue content, Utf8JsonWriter json, Findings findings)
    {
        var text = new ArrayBufferWriter<byte>();
        var thoughts = new ArrayBufferWriter<byte>();
        var hasTools = false;
        foreach (var block in content.Items)
        {
            var type = block.Member("type"u8);
            if (type.Is("text"u8))
                text.Write(MessageAnswerFields.TextBlock.Read(block, findings)[MessageAnswerFields.Text].Inner);
            else if (type.Is("thinking"u8))
                thoughts.Write(MessageAnswerFields.ThinkingBlock.Read(block, findings)[MessageAnswerFields.Thinking].Inner);
            else if (type.Is("redacted_thinking"u8))
                MessageAnswerFields.RedactedBlock.Read(block, findings);
            else if (type.Is("tool_use"u8))
                hasTools = true;
            else
                findings.Drop("content[].type");
        }
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (text.WrittenCount == 0 && hasTools)
            json.WriteNull("content");
        else
            json.Joined("content", text.WrittenSpan);
        json.WriteNull("refusal");
        if (thoughts.WrittenCount > 0)
            json.Joined("reasoning_content", thoughts.WrittenSpan);
        if (hasTools)
            WriteCalls(content, json, findings);
        json.WriteEndObject();
    }

    private static void WriteCalls(JsonValue content, Utf8JsonWriter json, Findings findings)
    {
        json.WriteStartArray("tool_calls");
        foreach (var block in content.Items)
        {
            if (!block.Member("type"u8).Is("tool_use"u8))
                continue;
            var use = MessageAnswerFields.ToolUse.Read(block, findings);
            json.WriteStartObject();
            json.CopyAsText("id", use[MessageAnswerFields.UseId]);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.CopyAsText("name", use[MessageAnswerFields.UseName]);
            json.CopyAsText("arguments", use[MessageAnswerFields.UseInput].IsMissing ? JsonValue.EmptyObject : use[MessageAnswerFields.UseInput]);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
