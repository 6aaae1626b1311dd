using System.Diagnostics;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Routing;

namespace Platform.Gateway.Telemetry;

/// <summary>
/// Spans of requests that are traced: the server's own says what was asked and what came of it, and has a child for each
/// try. None of them has any content.
/// </summary>
internal static class RequestSpans
{
    private static readonly ActivitySource Source = new(TelemetryNames.Source);

    /// <summary>Null where the request has no span itself.</summary>
    public static Activity? StartTry(Exchange exchange, Destination destination, int number)
    {
        if (Activity.Current is null || Source.StartActivity(NameOf(exchange), ActivityKind.Client) is not { } span)
            return null;
        return span
            .SetTag(TelemetryNames.OperationName, exchange.Operation.Name)
            .SetTag(TelemetryNames.RequestModel, destination.UpstreamModel)
            .SetTag(TelemetryNames.Provider, destination.Pool.Engine.Name)
            .SetTag(TelemetryNames.Pool, destination.Pool.Id.ToString())
            .SetTag(TelemetryNames.Endpoint, destination.Endpoint.Id.ToString())
            .SetTag(TelemetryNames.Try, number);
    }

    /// <param name="error">Null where the endpoint answered.</param>
    public static void EndTry(Activity? span, string? error)
    {
        if (span is null)
            return;
        span.SetTag(TelemetryNames.Outcome, error ?? "answered");
        if (error is not null)
            span.SetTag(TelemetryNames.ErrorType, error).SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Says on a request's own span what it was.</summary>
    public static void Describe(Activity span, HttpContext context)
    {
        if (context.Features.Get<Arrival>() is { } arrival)
            span.SetTag(TelemetryNames.RequestId, arrival.Id.ToString());
        if (context.Features.Get<ApiError>() is { } error)
            span.SetTag(TelemetryNames.ErrorType, error.Code).SetTag(TelemetryNames.Reason, error.Reason);
        if (context.Features.Get<Exchange>() is not { } exchange)
            return;
        span.DisplayName = NameOf(exchange);
        span.SetTag(TelemetryNames.OperationName, exchange.Operation.Name)
            .SetTag(TelemetryNames.RequestModel, exchange.Model.Name.Value)
            .SetTag(TelemetryNames.Tenant, exchange.Caller.Tenant.Slug);
        if (exchange.Record is not { } record)
            return;
        span.SetTag(TelemetryNames.ResponseModel, record.ModelServed)
            .SetTag(TelemetryNames.Pool, record.PoolId.ToString())
            .SetTag(TelemetryNames.Endpoint, record.EndpointId.ToString())
            .SetTag(TelemetryNames.InputTokens, record.InputTokens)
            .SetTag(TelemetryNames.OutputTokens, record.OutputTokens)
            .SetTag(TelemetryNames.FinishReasons, record.FinishReason is { } reason ? new[] { reason } : null);
        if (exchange.Tries > 0)
            span.SetTag(TelemetryNames.Provider, exchange.Leg.Engine.Name);
        if (record.ErrorCode is { } code)
            span.SetTag(TelemetryNames.ErrorType, code);
    }

    private static string NameOf(Exchange exchange) => $"{exchange.Operation.Name} {exchange.Model.Name.Value}";
}
