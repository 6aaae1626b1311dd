using System.Buffers;
using System.Text;
using System.Text.Json;
using Platform.Gateway.Answers;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>
/// The events of a stream in another dialect than the caller's. The endpoint's own policy counts, and knows the last event;
/// what it would pass on is forgotten.
/// </summary>
/// <param name="shape">The caller's.</param>
internal abstract class TranslatedEvents(EventPolicy spoken, ErrorShape shape, AnswerContext context) : EventPolicy(spoken.Meter), IDisposable
{
    private readonly ArrayBufferWriter<byte> _forgotten = new();
    private readonly ArrayBufferWriter<byte> _data = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null, JsonWriting.Options);
    private bool _failed;

    /// <summary>An error is the end of it.</summary>
    public sealed override bool IsComplete => _failed || spoken.IsComplete;

    public sealed override bool OwesLast => !_failed && spoken.IsComplete;

    protected AnswerContext Context => context;

    public sealed override EventVerdict Process(ReadOnlySpan<byte> whole, IBufferWriter<byte> output)
    {
        if (_failed)
            return EventVerdict.Passed;
        _forgotten.ResetWrittenCount();
        var verdict = spoken.Process(whole, _forgotten);
        if (verdict != EventVerdict.Last && SseEvent.TryFindData(whole, out var start, out var length))
            Take(whole.Slice(start, length), output);
        return verdict;
    }

    public sealed override void WriteLast(IBufferWriter<byte> output)
    {
        if (!_failed)
            End(output);
    }

    public void Dispose() => _json.Dispose();

    /// <summary>The endpoint tells of an error, and says no more.</summary>
    protected abstract bool IsError(JsonValue data);

    /// <param name="data">A JSON object.</param>
    protected abstract void Translate(JsonValue data, IBufferWriter<byte> output);

    /// <summary>What the dialect ends with.</summary>
    protected abstract void End(IBufferWriter<byte> output);

    /// <summary>Begins an event's JSON object.</summary>
    /// <param name="name">Null for an event without a name.</param>
    protected Utf8JsonWriter Begin(string? name, IBufferWriter<byte> output)
    {
        if (name is not null)
        {
            output.Write("event: "u8);
            Encoding.ASCII.GetBytes(name, output);
            output.Write("\n"u8);
        }
        output.Write("data: "u8);
        _json.Reset(output);
        _json.WriteStartObject();
        if (name is not null)
            _json.WriteString("type", name);
        return _json;
    }

    /// <summary>Ends the object that was begun last, and its event.</summary>
    protected void Finish(IBufferWriter<byte> output)
    {
        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n\n"u8);
    }

    private void Take(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        _data.ResetWrittenCount();
        _data.Write(data);
        if (!JsonValue.TryRoot(_data.WrittenMemory, out var root) || !root.IsObject)
            Meter.HasError = _failed = true; // what it said cannot be told, and what follows would not be the whole
        _failed |= IsError(root);
        if (_failed)
            output.Write(shape.Event(UpstreamErrors.Read(0, root) ?? ApiErrors.UpstreamFailed, context.Id, 0));
        else
            Translate(root, output);
    }
}
