using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Media;

/// <summary>What was heard: as JSON that counts tokens or seconds, or as a text that counts nothing.</summary>
internal sealed class TranscriptionAnswers : AnswerCodec
{
    public static readonly TranscriptionAnswers Codec = new();

    public override void Read(ReadOnlySpan<byte> body, AnswerMeter meter)
    {
        if (!MediaScanner.TryScan(body, out var facts))
        {
            meter.AddText(body.Length);
            return;
        }
        (meter.Usage, meter.AudioSeconds, meter.UsageIsFinal) = (facts.Usage, facts.Seconds, true);
        meter.AddText(facts.TextBytes);
    }

    public override EventPolicy NewEvents(Exchange exchange) =>
        new MediaEvents(exchange.Meter, exchange.Leg.Budget, (exchange.Facts as FormRequest)?.HidesUsage(exchange.Leg.Engine) == true);

    public override bool IsRefusal(ReadOnlySpan<byte> body) => ChatAnswers.Codec.IsRefusal(body);
}

/// <summary>Sound. Its events count tokens; its bytes count nothing, and the request's characters are what there is.</summary>
internal sealed class SpeechAnswers : AnswerCodec
{
    public static readonly SpeechAnswers Codec = new();

    public override bool PassesBytes => true;

    public override void Read(ReadOnlySpan<byte> body, AnswerMeter meter)
    {
        // Nothing of it is text.
    }

    public override EventPolicy NewEvents(Exchange exchange) => new MediaEvents(exchange.Meter, exchange.Leg.Budget);

    public override bool IsRefusal(ReadOnlySpan<byte> body) => ChatAnswers.Codec.IsRefusal(body);
}

/// <summary>Images, with tokens where the engine counts them.</summary>
internal sealed class ImageAnswers : AnswerCodec
{
    public static readonly ImageAnswers Codec = new();

    public override AnswerBound BoundOf(LimitsSettings limits) => limits.ImageAnswers;

    public override void Read(ReadOnlySpan<byte> body, AnswerMeter meter)
    {
        if (MediaScanner.TryScan(body, out var facts))
            (meter.Usage, meter.Images, meter.UsageIsFinal) = (facts.Usage, facts.Images, true);
        else
            meter.Miss();
    }

    public override EventPolicy NewEvents(Exchange exchange) => new MediaEvents(exchange.Meter, exchange.Leg.Budget);

    public override bool IsRefusal(ReadOnlySpan<byte> body) => ChatAnswers.Codec.IsRefusal(body);
}
