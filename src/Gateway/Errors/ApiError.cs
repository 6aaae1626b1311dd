namespace Platform.Gateway.Errors;

/// <summary>
/// An expected failure as the caller sees it: OpenAI's error object (schema <c>Error</c>: message, type, param and code,
/// all four always written) with an HTTP status, and who failed in <c>x-gateway-reason</c>.
/// </summary>
/// <param name="Code">Stable; clients branch on it. Null where OpenAI has none.</param>
/// <param name="Reason">One of <see cref="FailureReasons"/>.</param>
/// <param name="RetryAfter">Whole seconds, sent as <c>retry-after</c> when there is one.</param>
/// <param name="Retry">Null for what the status says.</param>
internal sealed record ApiError(
    int Status,
    string Type,
    string? Code,
    string Message,
    string? Param = null,
    string Reason = FailureReasons.Caller,
    string? RetryAfter = null,
    bool? Retry = null)
{
    /// <summary>OpenAI's, for money that is spent: the next request will find no more of it.</summary>
    private const string QuotaSpent = "insufficient_quota";

    /// <summary>Sent as <c>retry-after-ms</c> beside <see cref="RetryAfter"/>, whose seconds it says more exactly.</summary>
    public string? RetryAfterMilliseconds
    {
        get => field ?? (RetryAfter is null ? null : RetryAfter + "000");
        init;
    }

    /// <summary>
    /// Sent as <c>x-should-retry</c>: whether the same request may do better a little later. So it is with what is too much
    /// at the moment, and with what failed on our side of it.
    /// </summary>
    public bool ShouldRetry => Retry
        ?? (Type != QuotaSpent
            && Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status409Conflict or StatusCodes.Status429TooManyRequests or >= 500);
}

/// <summary>Who failed; the values of <c>x-gateway-reason</c>.</summary>
internal static class FailureReasons
{
    public const string Caller = "caller";
    public const string Limit = "limit";
    public const string Us = "us";
    public const string Upstream = "upstream";
}
