using Platform.Gateway.Answers;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Anthropic;

/// <summary>Answers about a prompt that no model read: they go on as they are, and cost no token.</summary>
internal sealed class UncountedAnswers : AnswerCodec
{
    public static readonly UncountedAnswers Codec = new();

    public override void Read(ReadOnlySpan<byte> body, AnswerMeter meter)
    {
        if (!JsonText.IsWhole(body))
            meter.Miss();
        else
            (meter.Usage, meter.UsageIsFinal) = (default(UsageCount), true);
    }

    public override EventPolicy NewEvents(Exchange exchange) => MessagesAnswers.Codec.NewEvents(exchange);

    public override bool IsRefusal(ReadOnlySpan<byte> body) => MessagesAnswers.Codec.IsRefusal(body);
}
