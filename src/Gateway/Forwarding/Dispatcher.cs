using Platform.Gateway.Chat;
using Platform.Gateway.Errors;
using Platform.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Sends a request to one endpoint after another until one answers: only before the first body byte went to the caller,
/// and only after failures that another endpoint may not have. Every request that was sent anywhere leaves one record.
/// </summary>
internal sealed class Dispatcher(
    ForwardTools tools, UsageMeter meter, EndpointStates states, IEndpointPicker picker, RoutingSettings routing, ILogger<Dispatcher> logger)
{
    public async Task DispatchAsync(Exchange exchange)
    {
        try
        {
            switch (await TryAllAsync(exchange))
            {
                case Outcome.Failed { Error: var error }:
                    await FailAsync(exchange, error);
                    break;
                case Outcome.CallerLeft:
                    exchange.WorkBegan = true;
                    await meter.TryCommitAsync(exchange, StatusCodes.Status499ClientClosedRequest, "caller_left");
                    break;
            }
        }
        finally
        {
            if (exchange.Destination is not null && !exchange.IsRecorded)
                await meter.TryCommitAsync(exchange, StatusCodes.Status500InternalServerError, ApiErrors.Internal.Code);
        }
    }

    private async Task<Outcome> TryAllAsync(Exchange exchange)
    {
        var route = new RequestRoute(exchange.Caller.Snapshot, exchange.Caller.Tenant.Id, exchange.Model, states, picker);
        Outcome last = new Outcome.Failed(ApiErrors.NoEndpoint);
        while (exchange.Tries < routing.MaxTries && route.Next() is { } destination)
        {
            if (exchange.Tries > 0)
                tools.Metrics.Retried();
            var outcome = await TryAsync(exchange, destination);
            if (outcome is not Outcome.TryNext next)
                return outcome;
            Log.TryFailed(logger, exchange.Arrival.Id, destination.Endpoint.Id, next.Error.Code);
            if (next.Penalise)
                states.Penalise(destination.Endpoint.Id);
            last = new Outcome.Failed(next.Error);
        }
        return last;
    }

    private async Task<Outcome> TryAsync(Exchange exchange, Destination destination)
    {
        var http = exchange.Http;
        using var body = tools.NewBodyBuffer();
        exchange.Dispatch(destination, tools.Time.GetTimestamp());
        if (!UpstreamBody.TryCompose(exchange.Body.Span, exchange.Request, destination.UpstreamModel, exchange.AsksContinuousUsage, body))
            return new Outcome.Failed(ApiErrors.Overloaded);
        Prepare(http, body, exchange.Arrival);
        using var clock = tools.NewClock(exchange);
        var attempt = new Attempt(exchange, body.Length, clock, tools.Streams, tools.Plain);
        var state = states.Of(destination.Endpoint.Id);
        state.Enter();
        try
        {
            await tools.Forwarder.SendAsync(http, "http://upstream", tools.Clients.For(destination.Pool), tools.Config, attempt, clock.Token);
        }
        finally
        {
            state.Leave();
        }
        return attempt.Outcome ?? NoAnswer(clock);
    }

    /// <summary>Each try has the request's body anew, and finds neither an answer nor an error of the one before.</summary>
    private static void Prepare(HttpContext http, PooledBuffer body, Arrival arrival)
    {
        http.Request.Body = body.OpenRead();
        http.Request.ContentLength = body.Length;
        http.Features.Set<IForwarderErrorFeature>(null);
        Clear(http, arrival);
    }

    private static void Clear(HttpContext http, Arrival arrival)
    {
        http.Response.Clear();
        http.Response.Headers[Arrival.Header] = arrival.Id.ToString();
    }

    private static Outcome NoAnswer(TryClock clock) =>
        clock.CallerLeft ? new Outcome.CallerLeft()
        : clock.IsRunning ? new Outcome.TryNext(ApiErrors.UpstreamFailed, Penalise: true)
        : new Outcome.Failed(clock.Error(ApiErrors.UpstreamFailed));

    private async Task FailAsync(Exchange exchange, ApiError error)
    {
        if (exchange.Destination is null)
            tools.Metrics.Rejected(error.Reason, error.Code ?? "");
        else
            await meter.TryCommitAsync(exchange, error.Status, error.Code);
        if (exchange.Http.Response.HasStarted)
            return;
        Clear(exchange.Http, exchange.Arrival);
        await ApiErrorWriter.WriteAsync(exchange.Http, error);
    }
}
