using Platform.Gateway.Answers;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Dialects.OpenAi;

/// <summary>Answers that are never streamed, with OpenAI's <c>usage</c> where the engine counts.</summary>
internal sealed class PlainAnswers : AnswerCodec
{
    public static readonly PlainAnswers Codec = new();

    public override void Read(ReadOnlySpan<byte> body, AnswerMeter meter)
    {
        if (!AnswerScanner.TryScan(body, out var facts))
        {
            meter.Miss();
            return;
        }
        meter.Usage = facts.Usage;
        meter.UsageIsFinal = true;
    }

    /// <summary>An engine that streams all the same has its events passed on as they are.</summary>
    public override EventPolicy NewEvents(Exchange exchange) => new ChatEvents(new(IncludeUsage: true, AddedContinuousUsage: false), exchange.Meter);

    public override bool IsRefusal(ReadOnlySpan<byte> body) => ChatAnswers.Codec.IsRefusal(body);
}
