using Platform.Gateway.Errors;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Platform.Gateway.Idempotency;

/// <summary>
/// What answers a repeat that gets no answer again: <c>idempotency_key_invalid</c>, <c>idempotency_key_reuse</c>,
/// <c>idempotency_in_progress</c>, <c>idempotency_answer_gone</c>, <c>idempotency_full</c>.
/// </summary>
internal static class IdempotencyErrors
{
    private const string InvalidRequest = "invalid_request_error";

    public static readonly ApiError KeyInvalid = new(Status400BadRequest, InvalidRequest, "idempotency_key_invalid",
        "The Idempotency-Key must be sent once, and be 1 to 255 printable ASCII characters.", "Idempotency-Key");

    public static readonly ApiError Reuse = new(Status400BadRequest, InvalidRequest, "idempotency_key_reuse",
        "This Idempotency-Key was sent before with another request body.", "Idempotency-Key");

    /// <summary>Official clients repeat a 409 by themselves.</summary>
    public static readonly ApiError InProgress = new(Status409Conflict, InvalidRequest, "idempotency_in_progress",
        "A request with this Idempotency-Key is still running.", "Idempotency-Key", RetryAfter: "1");

    /// <summary>It ran, and is not run again; no client repeats a 410 by itself.</summary>
    public static readonly ApiError Gone = new(Status410Gone, InvalidRequest, "idempotency_answer_gone",
        "A request with this Idempotency-Key was answered, and its answer was not kept. It was not run again.", "Idempotency-Key");

    public static readonly ApiError Full = new(Status503ServiceUnavailable, "server_error", "idempotency_full",
        "The gateway can keep no more Idempotency-Keys at the moment; the request was not run.", "Idempotency-Key",
        FailureReasons.Limit, RetryAfter: "5");
}
