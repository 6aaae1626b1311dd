namespace Platform.Gateway.Errors;

/// <summary>
/// An expected failure as the caller sees it: OpenAI's error object (schema <c>Error</c>: message, type, param and code,
/// all four always written) with an HTTP status, and who failed in <c>x-gateway-reason</c>.
/// </summary>
/// <param name="Code">Stable; clients branch on it. Null where OpenAI has none.</param>
/// <param name="Reason">One of <see cref="FailureReasons"/>.</param>
/// <param name="RetryAfter">Sent as <c>retry-after</c> when there is one.</param>
internal sealed record ApiError(
    int Status,
    string Type,
    string? Code,
    string Message,
    string? Param = null,
    string Reason = FailureReasons.Caller,
    string? RetryAfter = null);

/// <summary>Who failed; the values of <c>x-gateway-reason</c>.</summary>
internal static class FailureReasons
{
    public const string Caller = "caller";
    public const string Limit = "limit";
    public const string Us = "us";
    public const string Upstream = "upstream";
}
