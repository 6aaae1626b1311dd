using Platform.Contracts.Ids;

namespace Platform.Gateway.Errors;

/// <summary>A request's id and when it came; set for every request before anything else looks at it.</summary>
/// <param name="Timestamp">Of <see cref="TimeProvider.GetTimestamp"/>, to measure from.</param>
internal sealed record Arrival(RequestId Id, DateTimeOffset StartedAt, long Timestamp)
{
    public const string Header = "x-request-id";

    public static Arrival Of(HttpContext context) =>
        context.Features.Get<Arrival>() ?? throw new InvalidOperationException("The request has no arrival.");
}
