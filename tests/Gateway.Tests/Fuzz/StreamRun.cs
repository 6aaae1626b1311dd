using System.Buffers;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Tests.Fuzz;

/// <summary>What came of a stream: what its caller got, and what was counted.</summary>
internal sealed record StreamRun(byte[] Output, string Facts)
{
    public static StreamRun Of(Func<AnswerMeter, EventPolicy> policy, IEnumerable<ReadOnlyMemory<byte>> pieces, int maxEventBytes = 1024 * 1024)
    {
        var meter = new AnswerMeter();
        var output = new ArrayBufferWriter<byte>();
        using var stream = new EventStream(policy(meter), maxEventBytes, StreamSamples.Budget);
        var isTooLarge = false;
        foreach (var piece in pieces)
        {
            for (var rest = piece.Span; rest.Length > 0 && !stream.IsDone && !isTooLarge;)
            {
                var space = stream.Space().Span;
                isTooLarge = space.IsEmpty;
                var count = Math.Min(space.Length, rest.Length);
                rest[..count].CopyTo(space);
                rest = rest[count..];
                if (count > 0)
                    stream.Advance(count, output);
            }
        }
        if (stream.IsDone || stream.Policy.OwesLast)
            stream.Policy.WriteLast(output);
        else
            stream.Policy.WriteKept(output);
        return new(output.WrittenSpan.ToArray(), string.Join(' ',
            meter.Usage, meter.UsageIsFinal, meter.FinishReason, meter.HasError, meter.Images, meter.AudioSeconds, meter.TextBytes, meter.TextChunks, meter.Unread,
            stream.IsDone, stream.Policy.IsComplete, stream.Policy.OwesLast, stream.Policy.NextSequence, isTooLarge));
    }
}
