using Platform.Contracts.Ids;

namespace Platform.Gateway.Errors;

/// <summary>A request's id and when it came; set for every request before anything else looks at it.</summary>
/// <param name="Timestamp">Of <see cref="TimeProvider.GetTimestamp"/>, to measure from.</param>
internal sealed record Arrival(RequestId Id, DateTimeOffset StartedAt, long Timestamp)
{
    public const string Header = "x-request-id";

    private const int MaxCallerLength = 128;

    /// <summary>The caller's own id of the request, for logs and traces; null where it sent none that is short and printable.</summary>
    public string? CallerRequestId { get; init; }

    /// <summary>The id as it is written.</summary>
    public string Text => field ??= Id.ToString();

    public static Arrival Of(HttpContext context) =>
        context.Features.Get<Arrival>() ?? throw new InvalidOperationException("The request has no arrival.");

    public static string? CallerRequestIdOf(HttpRequest request) =>
        request.Headers[Header] is [{ Length: > 0 and <= MaxCallerLength } id] && !id.AsSpan().ContainsAnyExceptInRange('!', '~') ? id : null;
}
