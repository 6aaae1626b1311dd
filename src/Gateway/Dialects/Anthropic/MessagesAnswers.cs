using Platform.Gateway.Answers;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Dialects.Anthropic;

/// <summary>Messages, from an endpoint to a caller that both speak them.</summary>
internal sealed class MessagesAnswers : AnswerCodec
{
    public static readonly MessagesAnswers Codec = new();

    public override void Read(ReadOnlySpan<byte> body, AnswerMeter meter)
    {
        if (!MessagesScanner.TryScan(body, default, out var facts))
        {
            meter.Miss();
            return;
        }
        meter.Usage = facts.Usage;
        meter.UsageIsFinal = true;
        meter.FinishReason = facts.StopReason;
        meter.AddText(facts.TextBytes);
    }

    public override EventPolicy NewEvents(Exchange exchange) => new MessagesEvents(exchange.Meter);

    public override bool IsRefusal(ReadOnlySpan<byte> body) => MessagesScanner.TryScan(body, default, out var facts) && facts.Kind == MessagesKind.Error;
}
