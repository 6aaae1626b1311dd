using System.Buffers;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Dialects.Responses;

/// <summary>The stream of a response, passed on byte for byte.</summary>
internal sealed class ResponsesEvents(AnswerMeter meter) : EventPolicy(meter)
{
    private byte[] _last = [];
    private long _sequence = -1;

    /// <summary>Only its last event says that a response is whole.</summary>
    public override bool IsComplete => false;

    public override long NextSequence => _sequence + 1;

    public override EventVerdict Process(ReadOnlySpan<byte> whole, IBufferWriter<byte> output)
    {
        var hasData = SseEvent.TryFindData(whole, out var start, out var length);
        if (!hasData || !MayRead || !ResponsesScanner.TryScan(whole.Slice(start, length), out var facts))
        {
            PassUnread(whole, hasData, output);
            return EventVerdict.Passed;
        }
        Gather(facts);
        if (facts.Kind == ResponsesKind.End)
        {
            _last = whole.ToArray();
            return EventVerdict.Last;
        }
        output.Write(whole);
        return EventVerdict.Passed;
    }

    public override void WriteLast(IBufferWriter<byte> output) => output.Write(_last);

    private void Gather(in ResponsesFacts facts)
    {
        _sequence = Math.Max(_sequence, facts.Sequence);
        Meter.HasError |= facts.HasError || facts.Kind == ResponsesKind.Error;
        if (facts.Kind == ResponsesKind.Delta)
            Meter.AddText(facts.TextBytes);
        if (facts.Usage is { } usage)
            (Meter.Usage, Meter.UsageIsFinal) = (usage, facts.Kind == ResponsesKind.End);
        if (facts.Kind == ResponsesKind.End)
            Meter.FinishReason = facts.Status;
    }
}
