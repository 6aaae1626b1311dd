using System.Buffers;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Dialects.Anthropic;

/// <summary>The stream of a message, passed on byte for byte: its events tell the caller what they tell us.</summary>
internal sealed class MessagesEvents(AnswerMeter meter) : EventPolicy(meter)
{
    private byte[] _last = [];

    public override bool IsComplete => Meter.FinishReason is not null;

    public override EventVerdict Process(ReadOnlySpan<byte> whole, IBufferWriter<byte> output)
    {
        var hasData = SseEvent.TryFindData(whole, out var start, out var length);
        if (!hasData || !MayRead || !MessagesScanner.TryScan(whole.Slice(start, length), Meter.Usage ?? default, out var facts))
        {
            PassUnread(whole, hasData, output);
            return EventVerdict.Passed;
        }
        if (facts.Kind == MessagesKind.MessageStop)
        {
            _last = whole.ToArray();
            return EventVerdict.Last;
        }
        Gather(facts);
        output.Write(whole);
        return EventVerdict.Passed;
    }

    public override void WriteLast(IBufferWriter<byte> output) => output.Write(_last);

    private void Gather(in MessagesFacts facts)
    {
        Meter.Usage = facts.Usage ?? Meter.Usage;
        Meter.FinishReason = facts.StopReason ?? Meter.FinishReason;
        Meter.UsageIsFinal |= facts is { Kind: MessagesKind.MessageDelta, Usage: not null };
        Meter.HasError |= facts.Kind == MessagesKind.Error;
        Meter.AddText(facts.TextBytes);
    }
}
