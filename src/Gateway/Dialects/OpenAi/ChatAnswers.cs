using Platform.Gateway.Answers;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Dialects.OpenAi;

/// <summary>Chat completions, from an endpoint to a caller that both speak them.</summary>
internal sealed class ChatAnswers : AnswerCodec
{
    public static readonly ChatAnswers Codec = new();

    public override void Read(ReadOnlySpan<byte> body, AnswerMeter meter)
    {
        if (!AnswerScanner.TryScan(body, out var facts))
        {
            meter.Miss();
            return;
        }
        meter.Usage = facts.Usage;
        meter.UsageIsFinal = true;
        meter.FinishReason = facts.FinishReason;
        meter.AddText(facts.TextBytes);
    }

    public override EventPolicy NewEvents(Exchange exchange)
    {
        var request = (ChatRequest)exchange.Facts;
        return new ChatEvents(
            new(request.IncludeUsage, AddedContinuousUsage: exchange.Leg.Engine.CountsContinuously && !request.ContinuousUsage), exchange.Meter);
    }

    public override bool IsRefusal(ReadOnlySpan<byte> body) => AnswerScanner.TryScan(body, out var facts) && facts.IsError;
}
