using System.Buffers;
using System.Text.Json;
using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>
/// The chunks of a chat completion as the events of a message: one block open at a time, numbered as they begin. The count
/// comes last, in <c>message_delta</c>; <c>message_start</c> says what is known by then.
/// </summary>
internal sealed class MessageEventsFromChat(AnswerContext context, AnswerMeter meter)
    : TranslatedEvents(new ChatEvents(new(IncludeUsage: true, AddedContinuousUsage: false), meter), AnthropicErrors.Shape, context)
{
    /// <summary>Calls of tools that one answer may hold; those beyond it are not told.</summary>
    private const int MaxCalls = 1024;

    /// <summary>The block of each call of a tool, by its index among the calls.</summary>
    private readonly Dictionary<long, int> _calls = [];

    private bool _started;
    private int _blocks;
    private string? _open;
    private bool _refused;
    private JsonValue _stopText;

    protected override void Translate(JsonValue data, IBufferWriter<byte> output)
    {
        Start(data, output);
        foreach (var choice in data.Member("choices"u8).Items)
        {
            if (choice.Member("index"u8).Integer is null or 0)
                TakeChoice(choice, output);
        }
    }

    protected override void End(IBufferWriter<byte> output)
    {
        Start(default, output);
        CloseBlock(output);
        var reason = _refused ? "refusal" : StopReasons.ToMessages(Meter.FinishReason, _calls.Count > 0, _stopText.IsText);
        var json = Begin("message_delta", output);
        json.WriteStartObject("delta");
        json.WriteString("stop_reason", reason);
        json.Copy("stop_sequence", reason == "stop_sequence" ? _stopText : default);
        json.WriteEndObject();
        json.MessageUsage((Meter.Usage ?? default).Consistent());
        Finish(output);
        Begin("message_stop", output);
        Finish(output);
    }

    protected override bool IsError(JsonValue data) => !data.Member("error"u8).IsMissing;

    private void Start(JsonValue chunk, IBufferWriter<byte> output)
    {
        if (_started)
            return;
        _started = true;
        var json = Begin("message_start", output);
        json.WriteStartObject("message");
        json.MessageHead(chunk.Member("id"u8), chunk.Member("model"u8), Context);
        json.WriteStartArray("content");
        json.WriteEndArray();
        json.WriteNull("stop_reason");
        json.WriteNull("stop_sequence");
        json.MessageUsage((Meter.Usage ?? default).Consistent());
        json.WriteEndObject();
        Finish(output);
    }

    private void TakeChoice(JsonValue choice, IBufferWriter<byte> output)
    {
        var delta = choice.Member("delta"u8);
        var thoughts = delta.Member("reasoning_content"u8);
        WriteText("thinking", thoughts.IsText ? thoughts : delta.Member("reasoning"u8), output);
        WriteText("text", delta.Member("content"u8), output);
        var refusal = delta.Member("refusal"u8);
        _refused |= refusal.IsText && !refusal.IsEmptyText;
        WriteText("text", refusal, output);
        var position = 0L;
        foreach (var call in delta.Member("tool_calls"u8).Items)
            TakeCall(call, position++, output);
        if (choice.Member("stop_reason"u8) is { IsText: true } stop)
            _stopText = new(stop.Raw.ToArray());
    }

    private void WriteText(string kind, JsonValue text, IBufferWriter<byte> output)
    {
        if (!text.IsText || text.IsEmptyText)
            return;
        if (_open != kind)
            OpenText(kind, output);
        var json = BeginDelta(_blocks - 1, kind + "_delta", output);
        json.Copy(kind, text);
        FinishInner(json, output);
    }

    private void OpenText(string kind, IBufferWriter<byte> output)
    {
        var json = BeginBlock(kind, output);
        json.WriteString(kind, "");
        if (kind == "thinking")
            json.WriteString("signature", "");
        FinishInner(json, output);
    }

    private void TakeCall(JsonValue call, long position, IBufferWriter<byte> output)
    {
        var index = call.Member("index"u8).Integer ?? position;
        var function = call.Member("function"u8);
        if (!_calls.TryGetValue(index, out var block))
        {
            if (_calls.Count == MaxCalls)
                return;
            _calls[index] = block = _blocks;
            OpenCall(call.Member("id"u8), function.Member("name"u8), output);
        }
        var arguments = function.Member("arguments"u8);
        if (arguments.IsMissing || arguments.IsEmptyText)
            return;
        // An engine that goes on with an earlier call has its block go on too: its index says which.
        var json = BeginDelta(block, "input_json_delta", output);
        json.CopyAsText("partial_json", arguments);
        FinishInner(json, output);
    }

    private void OpenCall(JsonValue id, JsonValue name, IBufferWriter<byte> output)
    {
        var json = BeginBlock("tool_use", output);
        if (id.IsText)
            json.Copy("id", id);
        else
            json.WriteString("id", $"toolu_{_calls.Count}");
        json.CopyAsText("name", name);
        json.WriteStartObject("input");
        json.WriteEndObject();
        FinishInner(json, output);
    }

    private Utf8JsonWriter BeginBlock(string kind, IBufferWriter<byte> output)
    {
        CloseBlock(output);
        _open = kind;
        var json = Begin("content_block_start", output);
        json.WriteNumber("index", _blocks++);
        json.WriteStartObject("content_block");
        json.WriteString("type", kind);
        return json;
    }

    private void CloseBlock(IBufferWriter<byte> output)
    {
        if (_open is null)
            return;
        _open = null;
        var json = Begin("content_block_stop", output);
        json.WriteNumber("index", _blocks - 1);
        Finish(output);
    }

    private Utf8JsonWriter BeginDelta(int block, string kind, IBufferWriter<byte> output)
    {
        var json = Begin("content_block_delta", output);
        json.WriteNumber("index", block);
        json.WriteStartObject("delta");
        json.WriteString("type", kind);
        return json;
    }

    private void FinishInner(Utf8JsonWriter json, IBufferWriter<byte> output)
    {
        json.WriteEndObject();
        Finish(output);
    }
}
