using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Answers;

/// <summary>How large an answer may be, and what its caller is told of one that is larger.</summary>
/// <param name="AnswerBytes">Of an answer that is not streamed.</param>
/// <param name="EventBytes">Of one event of a stream.</param>
internal sealed record AnswerBound(int AnswerBytes, ApiError AnswerTooLarge, int EventBytes, ApiError EventTooLarge)
{
    public static AnswerBound Of(LimitsSettings limits) => new(
        limits.MaxAnswerBytes, TooLarge(nameof(limits.MaxAnswerBytes), limits.MaxAnswerBytes),
        limits.MaxEventBytes, TooLarge(nameof(limits.MaxEventBytes), limits.MaxEventBytes));

    /// <summary>Images are large, whole and as events.</summary>
    public static AnswerBound OfImages(LimitsSettings limits)
    {
        var error = TooLarge(nameof(limits.MaxImageBytes), limits.MaxImageBytes);
        return new(limits.MaxImageBytes, error, limits.MaxImageBytes, error);
    }

    /// <summary>It is the gateway's limit, not the engine's, and has a name that an operator finds.</summary>
    private static ApiError TooLarge(string setting, int bytes) => ApiErrors.AnswerTooLarge with
    {
        Message = $"The model server's answer is larger than the gateway passes on: its setting Limits:{setting} is {bytes} bytes.",
    };
}
