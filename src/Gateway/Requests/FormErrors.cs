using Platform.Gateway.Errors;

namespace Platform.Gateway.Requests;

/// <summary>What may be wrong with a form.</summary>
internal static class FormErrors
{
    private const string InvalidRequest = "invalid_request_error";

    public static readonly ApiError TooLarge = new(StatusCodes.Status413PayloadTooLarge, InvalidRequest, "request_too_large",
        "The request body is larger than the gateway takes of a form.", Reason: FailureReasons.Limit);

    /// <summary>One of the kinds that an operation takes.</summary>
    public static ApiError WrongType(BodyKinds taken) => new(StatusCodes.Status400BadRequest, InvalidRequest, "unsupported_media_type",
        $"The Content-Type must be {(taken.HasFlag(BodyKinds.Json) ? "application/json or " : "")}multipart/form-data with a boundary, without a Content-Encoding.");

    /// <param name="what">A sentence.</param>
    public static ApiError Malformed(string what) => new(StatusCodes.Status400BadRequest, InvalidRequest, "invalid_form",
        "We could not read the form of your request: " + what);
}
