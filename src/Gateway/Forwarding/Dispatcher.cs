using System.Globalization;
using Platform.Gateway.Errors;
using Platform.Gateway.Routing;
using Platform.Gateway.Telemetry;
using Platform.Gateway.Translation;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Sends a request to one endpoint after another until one answers: only before the first body byte went to the caller,
/// and only after failures that another endpoint may not have. Every request that was sent anywhere leaves one record.
/// </summary>
internal sealed class Dispatcher(
    EndpointCall call, UsageMeter meter, Router router, TenantRuns runs, Hedges hedges, GatewayMetrics metrics, ILogger<Dispatcher> logger)
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
                case Outcome.CallerLeft left when exchange.WasSent:
                    exchange.WorkBegan = true;
                    await meter.TryCommitAsync(exchange, StatusCodes.Status499ClientClosedRequest, left.Code);
                    break;
                case Outcome.CallerTooSlow slow:
                    exchange.Http.Abort();
                    await meter.TryCommitAsync(exchange, StatusCodes.Status499ClientClosedRequest, slow.Code);
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
        ApiError? last = null;
        EngineProfile? deaf = null;
        var free = true;
        while (exchange.Tries < router.MaxTries && route.Next() is { } destination)
        {
            if (destination.Pool.Engine == deaf)
                continue;
            if (!free && !MayRetry(exchange))
                break;
            if (exchange.Tries > 0 && exchange.Leg.Destination.Pool.Id != destination.Pool.Id)
                metrics.FellBack(meter.SeriesOf(exchange), exchange.Attempts[^1].ErrorCode);
            exchange.HasLaterTier = exchange.Policy.FallsBackOnContextLength && exchange.Tries + 1 < router.MaxTries && route.HasLaterTier;
            var outcome = await call.TryAsync(exchange, destination, hedges.For(exchange, route));
            if (outcome is Outcome.NotSent unsent)
            {
                // Its other endpoints know no more words; and a fault of an endpoint that was asked says more.
                deaf = destination.Pool.Engine;
                last = exchange.Tries == 0 ? unsent.Error : last;
                continue;
            }
            Tell(exchange, outcome);
            switch (outcome)
            {
                case Outcome.TryNext next:
                    router.SetBack(exchange.Leg.Destination, next.Pause);
                    (last, free) = (next.Error, false);
                    break;
                case Outcome.Unserved unserved:
                    // A fault of an endpoint that serves it says more.
                    (last, free) = (last is null || exchange.Attempts.Count == 1 ? unserved.Error : last, true);
                    break;
                case Outcome.TryLaterTier later:
                    route.LeaveTier();
                    (last, free) = (later.Error, true);
                    break;
                default:
                    return outcome;
            }
        }
        return new Outcome.Failed(Final(last, route));
    }

    /// <summary>Where endpoints asked to be left alone, the caller hears when the first of them may be asked again.</summary>
    private static ApiError Final(ApiError? last, RequestRoute route) =>
        last is null or { Status: StatusCodes.Status429TooManyRequests } && route.SoonestPause() is { } pause
            ? ApiErrors.UpstreamBusy(((long)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture))
            : last ?? ApiErrors.NoEndpoint;

    private bool MayRetry(Exchange exchange)
    {
        if (router.TryRetry(exchange.Model))
        {
            metrics.Retried(meter.SeriesOf(exchange), exchange.Attempts[^1].ErrorCode);
            return true;
        }
        Log.RetriesSpent(logger, exchange.Arrival.Id);
        return false;
    }

    private void Tell(Exchange exchange, Outcome outcome)
    {
        var tried = exchange.Attempts[^1];
        if (outcome is Outcome.TryNext or Outcome.TryLaterTier or Outcome.Unserved or Outcome.Failed)
            Log.TryFailed(logger, exchange.Arrival.Id, exchange.Tries, tried.EndpointId, tried.PoolId, tried.ErrorCode, tried.Milliseconds);
        else
            Log.TryEnded(logger, exchange.Arrival.Id, exchange.Tries, tried.EndpointId, tried.PoolId, tried.ErrorCode, tried.Milliseconds);
    }

    private async Task FailAsync(Exchange exchange, ApiError error)
    {
        if (!exchange.WasSent)
            metrics.Rejected(error.Reason, error.Code ?? "", exchange.Caller.Tenant.Slug);
        else
            await meter.TryCommitAsync(exchange, error.Status, error.Code);
        if (exchange.Http.Response.HasStarted)
            return;
        exchange.ClearAnswer();
        if (exchange.Tries > 0 && exchange.Leg.Dropped is { } dropped)
            exchange.Http.Response.Headers[Findings.Header] = dropped;
        exchange.Copy?.Refuse(error);
        await ApiErrorWriter.WriteAsync(exchange.Http, error);
    }
}
