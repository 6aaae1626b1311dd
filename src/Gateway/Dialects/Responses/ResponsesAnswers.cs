using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Dialects.Responses;

/// <summary>Responses, from an endpoint to a caller that both speak them.</summary>
internal sealed class ResponsesAnswers : AnswerCodec
{
    public static readonly ResponsesAnswers Codec = new();

    public override void Read(ReadOnlySpan<byte> body, AnswerMeter meter)
    {
        if (!ResponsesScanner.TryScan(body, out var facts))
        {
            meter.Miss();
            return;
        }
        meter.Usage = facts.Usage;
        meter.UsageIsFinal = true;
        meter.FinishReason = facts.Status;
        meter.HasError = facts.HasError;
        meter.AddText(facts.TextBytes);
    }

    public override EventPolicy NewEvents(Exchange exchange) => new ResponsesEvents(exchange.Meter);

    public override bool IsRefusal(ReadOnlySpan<byte> body) => ChatAnswers.Codec.IsRefusal(body);
}
