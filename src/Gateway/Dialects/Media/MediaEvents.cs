using System.Buffers;
using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Media;

/// <summary>
/// A stream of images, of sound or of what was heard, passed on byte for byte. A whole image is kept back until the next
/// event comes, because nothing says that it is the last.
/// </summary>
/// <param name="hidesUsage">The chunk that counts a transcription of vLLM's is not the caller's, who did not ask for it.</param>
internal sealed class MediaEvents(AnswerMeter meter, BufferBudget budget, bool hidesUsage = false) : EventPolicy(meter), IDisposable
{
    private readonly PooledWriter _kept = new(budget);
    private bool _hasImage;

    /// <summary>An image is whole, and a chunk of vLLM's says that it was the last.</summary>
    public override bool IsComplete => _hasImage || Meter.FinishReason is not null;

    public override bool OwesLast => _kept.WrittenCount > 0;

    public override EventVerdict Process(ReadOnlySpan<byte> whole, IBufferWriter<byte> output)
    {
        var hasData = SseEvent.TryFindData(whole, out var start, out var length);
        if (hasData && whole.Slice(start, length).SequenceEqual("[DONE]"u8))
            return Keep(whole, EventVerdict.Last);
        if (hasData || SseEvent.IsSplit(whole))
            WriteKept(output);
        if (!hasData || !MayRead || !MediaScanner.TryScan(whole.Slice(start, length), out var facts))
        {
            PassUnread(whole, hasData, output);
            return EventVerdict.Passed;
        }
        Gather(facts, whole.Slice(start, length));
        if (facts.Kind == MediaKind.Done)
            return Keep(whole, EventVerdict.Last);
        if (facts.Kind == MediaKind.Image)
            return Keep(whole, EventVerdict.Passed);
        if (!hidesUsage || facts is not { Choices: 0, Usage: not null })
            output.Write(whole);
        return EventVerdict.Passed;
    }

    public override void WriteLast(IBufferWriter<byte> output) => WriteKept(output);

    public override void WriteKept(IBufferWriter<byte> output)
    {
        output.Write(_kept.WrittenMemory.Span);
        _kept.Clear();
    }

    public void Dispose() => _kept.Dispose();

    private EventVerdict Keep(ReadOnlySpan<byte> whole, EventVerdict verdict)
    {
        _kept.Write(whole);
        return verdict;
    }

    private void Gather(in MediaFacts facts, ReadOnlySpan<byte> data)
    {
        Meter.HasError |= facts.Kind == MediaKind.Error;
        Meter.AudioSeconds = facts.Seconds ?? Meter.AudioSeconds;
        if (facts.Choices is not null)
            GatherChunk(data);
        if (facts.Kind == MediaKind.Image)
            AddImage(facts);
        else if (facts.Usage is { } usage)
            Meter.Usage = usage;
        if (facts.Kind != MediaKind.Done)
            Meter.AddText(facts.TextBytes);
        // What comes behind a whole image is another one, on its way.
        Meter.UsageIsFinal = facts.Kind is MediaKind.Done or MediaKind.Image || (facts.Choices is not null && facts.Usage is not null);
    }

    /// <summary>Each image's event counts its own.</summary>
    private void AddImage(in MediaFacts facts)
    {
        _hasImage = true;
        Meter.Images++;
        if (facts.Usage is { } usage)
            Meter.Usage = (Meter.Usage ?? default) + usage;
    }

    private void GatherChunk(ReadOnlySpan<byte> data)
    {
        if (!AnswerScanner.TryScan(data, out var chunk))
            return;
        Meter.AddText(chunk.TextBytes);
        Meter.FinishReason = chunk.FinishReason ?? Meter.FinishReason;
    }
}
