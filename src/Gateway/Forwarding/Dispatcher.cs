using Platform.Gateway.Errors;
using Platform.Gateway.Routing;
using Platform.Gateway.Telemetry;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Sends a request to one endpoint after another until one answers: only before the first body byte went to the caller,
/// and only after failures that another endpoint may not have. Every request that was sent anywhere leaves one record.
/// </summary>
internal sealed class Dispatcher(
    EndpointCall call, UsageMeter meter, Router router, TenantRuns runs, GatewayMetrics metrics, ILogger<Dispatcher> logger)
{
    public async Task DispatchAsync(Exchange exchange)
    {
        using var run = runs.Enter(exchange.Caller.Tenant);
        exchange.Suspension = run.Token;
        try
        {
            switch (await TryAllAsync(exchange))
            {
                case Outcome.Failed { Error: var error }:
                    await FailAsync(exchange, error);
                    break;
                case Outcome.CallerLeft when exchange.WasSent:
                    exchange.WorkBegan = true;
                    await meter.TryCommitAsync(exchange, StatusCodes.Status499ClientClosedRequest, "caller_left");
                    break;
            }
        }
        finally
        {
            if (exchange.WasSent && !exchange.IsRecorded)
                await meter.TryCommitAsync(exchange, StatusCodes.Status500InternalServerError, ApiErrors.Internal.Code);
        }
    }

    private async Task<Outcome> TryAllAsync(Exchange exchange)
    {
        var route = router.RouteFor(exchange.RouteRequest, exchange.Model);
        Outcome last = new Outcome.Failed(ApiErrors.NoEndpoint);
        EngineProfile? deaf = null;
        while (exchange.Tries < router.MaxTries && route.Next() is { } destination)
        {
            if (destination.Pool.Engine == deaf)
                continue;
            if (exchange.Tries > 0)
                metrics.Retried();
            var outcome = await call.TryAsync(exchange, destination);
            if (outcome is Outcome.NotSent unsent)
            {
                // Its other endpoints know no more words; and a fault of an endpoint that was asked says more.
                deaf = destination.Pool.Engine;
                last = exchange.Tries == 0 ? new Outcome.Failed(unsent.Error) : last;
                continue;
            }
            if (outcome is not Outcome.TryNext next)
                return outcome;
            Log.TryFailed(logger, exchange.Arrival.Id, destination.Endpoint.Id, next.Error.Code);
            if (next.Penalise)
                router.Penalise(destination.Endpoint.Id);
            last = new Outcome.Failed(next.Error);
        }
        return last;
    }

    private async Task FailAsync(Exchange exchange, ApiError error)
    {
        if (!exchange.WasSent)
            metrics.Rejected(error.Reason, error.Code ?? "");
        else
            await meter.TryCommitAsync(exchange, error.Status, error.Code);
        if (exchange.Http.Response.HasStarted)
            return;
        exchange.ClearAnswer();
        await ApiErrorWriter.WriteAsync(exchange.Http, error);
    }
}
