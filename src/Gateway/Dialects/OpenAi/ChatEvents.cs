using System.Buffers;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Dialects.OpenAi;

/// <summary>The stream of a chat completion, passed on byte for byte except for the usage that only we asked for.</summary>
internal sealed class ChatEvents(StreamRules rules, AnswerMeter meter) : EventPolicy(meter)
{
    private static readonly byte[] UsageNullMember = ",\"usage\":null"u8.ToArray();
    private static readonly byte[] OnlyUsageNull = "\"usage\":null"u8.ToArray();
    private static readonly byte[] Null = "null"u8.ToArray();

    private bool _usageChunkSeen;

    /// <summary>Some engines end without <c>[DONE]</c>.</summary>
    public override bool IsComplete => Meter.FinishReason is not null;

    public override EventVerdict Process(ReadOnlySpan<byte> whole, IBufferWriter<byte> output)
    {
        if (!SseEvent.TryFindData(whole, out var start, out var length))
        {
            PassUnread(whole, hasData: false, output);
            return EventVerdict.Passed;
        }
        var data = whole.Slice(start, length);
        if (data.SequenceEqual("[DONE]"u8))
            return EventVerdict.Last;
        if (!MayRead || !AnswerScanner.TryScan(data, out var facts))
        {
            PassUnread(whole, hasData: true, output);
            return EventVerdict.Passed;
        }
        Gather(facts);
        if (facts is { ChoicesEmpty: true, Usage: not null })
            PassFinalUsage(whole, output);
        else
            PassChunk(whole, start, length, facts, output);
        return EventVerdict.Passed;
    }

    public override void WriteLast(IBufferWriter<byte> output) => output.Write("data: [DONE]\n\n"u8);

    private void Gather(in AnswerFacts facts)
    {
        if (facts.Usage is { } usage && (facts.ChoicesEmpty || !_usageChunkSeen))
        {
            Meter.Usage = usage;
            Meter.UsageIsFinal = _usageChunkSeen || facts.ChoicesEmpty || facts.FinishReason is not null;
        }
        Meter.FinishReason = facts.FinishReason ?? Meter.FinishReason;
        Meter.HasError |= facts.IsError;
        Meter.AddText(facts.TextBytes);
    }

    private void PassFinalUsage(ReadOnlySpan<byte> whole, IBufferWriter<byte> output)
    {
        if (rules.IncludeUsage && !_usageChunkSeen)
            output.Write(whole);
        _usageChunkSeen = true;
    }

    private void PassChunk(ReadOnlySpan<byte> whole, int start, int length, in AnswerFacts facts, IBufferWriter<byte> output)
    {
        var data = whole.Slice(start, length);
        var (from, to, text) = Edit(data, facts);
        output.Write(whole[..(start + from)]);
        output.Write(text);
        output.Write(whole[(start + to)..]);
    }

    /// <summary>The one change to a chunk: bytes from..to give way to the text.</summary>
    private (int From, int To, byte[] Text) Edit(ReadOnlySpan<byte> data, in AnswerFacts facts)
    {
        if (facts.IsError)
            return (0, 0, []);
        if (!rules.IncludeUsage)
            return facts.HasUsageMember ? Removal(data, facts) : (0, 0, []);
        if (!facts.HasUsageMember)
            return (facts.ObjectEnd, facts.ObjectEnd, IsEmpty(data, facts) ? OnlyUsageNull : UsageNullMember);
        if (rules.AddedContinuousUsage && facts.Usage is not null)
            return (facts.UsageValueStart, facts.UsageEnd, Null);
        return (0, 0, []);
    }

    private static bool IsEmpty(ReadOnlySpan<byte> data, in AnswerFacts facts) => data[..facts.ObjectEnd].TrimEnd(" \t\r"u8)[^1] == (byte)'{';

    /// <summary>The member and the one comma that goes with it.</summary>
    private static (int From, int To, byte[] Text) Removal(ReadOnlySpan<byte> data, in AnswerFacts facts)
    {
        var before = data[..facts.UsageNameStart].TrimEnd(" \t\r"u8);
        if (before[^1] == (byte)',')
            return (before.Length - 1, facts.UsageEnd, []);
        var after = data[facts.UsageEnd..];
        var comma = after.Length - after.TrimStart(" \t\r"u8).Length;
        return (facts.UsageNameStart, after[comma] == (byte)',' ? facts.UsageEnd + comma + 1 : facts.UsageEnd, []);
    }
}
