using System.Buffers;
using System.Text;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Tests.World;

/// <summary>A stream that comes in any pieces: what goes on, and what was read of it, is the same.</summary>
internal static class Splits
{
    /// <summary>Whole, at every byte in two, and byte by byte.</summary>
    public static void ShouldNotMatter(string text, Func<AnswerMeter, EventPolicy> policy, string passed, Action<AnswerMeter> read)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var split = 0; split <= bytes.Length; split++)
            Check([bytes[..split], bytes[split..]], policy, passed, read, $"split at {split}");
        Check([.. bytes.Select(b => (byte[])[b])], policy, passed, read, "byte by byte");
    }

    private static void Check(byte[][] pieces, Func<AnswerMeter, EventPolicy> policy, string passed, Action<AnswerMeter> read, string how)
    {
        var meter = new AnswerMeter();
        using var stream = new EventStream(policy(meter), 1024 * 1024);
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in pieces)
        {
            for (var rest = piece.AsSpan(); rest.Length > 0 && !stream.IsDone;)
            {
                var space = stream.Space().Span;
                var count = Math.Min(space.Length, rest.Length);
                rest[..count].CopyTo(space);
                rest = rest[count..];
                stream.Advance(count, output);
            }
        }
        if (stream.IsDone)
            stream.Policy.WriteLast(output);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(passed, how);
        read(meter);
    }
}
