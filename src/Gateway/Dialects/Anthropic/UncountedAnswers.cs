using Platform.Gateway.Answers;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Dialects.Anthropic;

/// <summary>Answers about a prompt that no model read: they go on as they are, and cost no token.</summary>
internal sealed class UncountedAnswers : AnswerCodec
{
    public static readonly UncountedAnswers Codec = new();

    public override void Read(ReadOnlySpan<byte> body, AnswerMeter meter)
    {
        meter.Usage = default(UsageCount);
        meter.UsageIsFinal = true;
    }

    public override EventPolicy NewEvents(Exchange exchange) => MessagesAnswers.Codec.NewEvents(exchange);

    public override bool IsRefusal(ReadOnlySpan<byte> body) => MessagesAnswers.Codec.IsRefusal(body);
}
