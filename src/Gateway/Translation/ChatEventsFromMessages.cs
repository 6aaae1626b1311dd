using System.Buffers;
using System.Text.Json;
using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.Anthropic;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>
/// The events of a message as the chunks of a chat completion: the role first, one id and time on all, the reason for its
/// end in the last, then the count where the caller wants it. A ping has no counterpart.
/// </summary>
internal sealed class ChatEventsFromMessages(AnswerContext context, AnswerMeter meter) : TranslatedEvents(new MessagesEvents(meter), OpenAiErrors.Shape, context)
{
    private const int MaxCalls = 1024;

    /// <summary>The index among the calls of tools, by the block's.</summary>
    private readonly Dictionary<long, int> _calls = [];

    private JsonValue _id;
    private JsonValue _model;
    private bool _started;
    private bool _finished;

    protected override void Translate(JsonValue data, IBufferWriter<byte> output)
    {
        var type = data.Member("type"u8);
        if (type.Is("message_start"u8))
            Start(data.Member("message"u8), output);
        else if (type.Is("content_block_start"u8))
            TakeBlock(data.Member("content_block"u8), data.Member("index"u8).Integer ?? 0, output);
        else if (type.Is("content_block_delta"u8))
            TakeDelta(data.Member("delta"u8), data.Member("index"u8).Integer ?? 0, output);
        else if (type.Is("message_delta"u8) && data.Member("delta"u8).Member("stop_reason"u8).IsText)
            WriteFinish(output);
    }

    protected override void End(IBufferWriter<byte> output)
    {
        WriteFinish(output);
        if (Context.IncludeUsage)
        {
            var json = BeginChunk(output);
            json.WriteStartArray("choices");
            json.WriteEndArray();
            json.ChatUsage((Meter.Usage ?? default).Consistent());
            Finish(output);
        }
        output.Write("data: [DONE]\n\n"u8);
    }

    protected override bool IsError(JsonValue data) => data.Member("type"u8).Is("error"u8);

    private void Start(JsonValue message, IBufferWriter<byte> output)
    {
        if (_started)
            return;
        _started = true;
        (_id, _model) = (new(message.Member("id"u8).Raw.ToArray()), new(message.Member("model"u8).Raw.ToArray()));
        var json = BeginChoice(output);
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
        FinishChoice(json, null, output);
    }

    private void TakeBlock(JsonValue block, long index, IBufferWriter<byte> output)
    {
        if (block.Member("type"u8).Is("tool_use"u8))
            StartCall(block, index, output);
        else if (block.Member("type"u8).Is("text"u8))
            WriteText("content", block.Member("text"u8), output);
        else if (block.Member("type"u8).Is("thinking"u8))
            WriteText("reasoning_content", block.Member("thinking"u8), output);
    }

    private void TakeDelta(JsonValue delta, long index, IBufferWriter<byte> output)
    {
        var type = delta.Member("type"u8);
        if (type.Is("text_delta"u8))
            WriteText("content", delta.Member("text"u8), output);
        else if (type.Is("thinking_delta"u8))
            WriteText("reasoning_content", delta.Member("thinking"u8), output);
        else if (type.Is("input_json_delta"u8) && _calls.TryGetValue(index, out var call))
            WriteArguments(call, delta.Member("partial_json"u8), output);
    }

    private void StartCall(JsonValue block, long index, IBufferWriter<byte> output)
    {
        if (_calls.Count == MaxCalls || !_calls.TryAdd(index, _calls.Count))
            return;
        var input = block.Member("input"u8);
        var json = BeginCall(_calls[index], output);
        json.CopyAsText("id", block.Member("id"u8));
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.CopyAsText("name", block.Member("name"u8));
        json.CopyAsText("arguments", HasMembers(input) ? input : default);
        json.WriteEndObject();
        FinishCall(json, output);
    }

    private void WriteArguments(int call, JsonValue text, IBufferWriter<byte> output)
    {
        if (!text.IsText || text.IsEmptyText)
            return;
        var json = BeginCall(call, output);
        json.WriteStartObject("function");
        json.Copy("arguments", text);
        json.WriteEndObject();
        FinishCall(json, output);
    }

    private void WriteText(string name, JsonValue text, IBufferWriter<byte> output)
    {
        if (!text.IsText || text.IsEmptyText)
            return;
        var json = BeginChoice(output);
        json.Copy(name, text);
        FinishChoice(json, null, output);
    }

    private void WriteFinish(IBufferWriter<byte> output)
    {
        if (_finished)
            return;
        _finished = true;
        FinishChoice(BeginChoice(output), StopReasons.ToChat(Meter.FinishReason), output);
    }

    private Utf8JsonWriter BeginCall(int call, IBufferWriter<byte> output)
    {
        var json = BeginChoice(output);
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", call);
        return json;
    }

    private void FinishCall(Utf8JsonWriter json, IBufferWriter<byte> output)
    {
        json.WriteEndObject();
        json.WriteEndArray();
        FinishChoice(json, null, output);
    }

    private Utf8JsonWriter BeginChunk(IBufferWriter<byte> output)
    {
        var json = Begin(null, output);
        json.ChatHead(_id, _model, "chat.completion.chunk", Context);
        return json;
    }

    /// <summary>A chunk up to its delta, whose members follow. The first says the role, whatever the endpoint begins with.</summary>
    private Utf8JsonWriter BeginChoice(IBufferWriter<byte> output)
    {
        Start(default, output);
        var json = BeginChunk(output);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        return json;
    }

    private void FinishChoice(Utf8JsonWriter json, string? reason, IBufferWriter<byte> output)
    {
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", reason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (Context.IncludeUsage)
            json.WriteNull("usage");
        Finish(output);
    }

    private static bool HasMembers(JsonValue value) => value.IsObject && value.Raw.Span[1..^1].ContainsAnyExcept(" \t\r\n"u8);
}
