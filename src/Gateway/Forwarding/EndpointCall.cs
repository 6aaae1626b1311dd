using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Platform.Gateway.Errors;
using Platform.Gateway.Routing;
using Platform.Gateway.Telemetry;
using Platform.Gateway.Translation;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Forwarding;

/// <summary>One try: the body for this endpoint, the way there, and what came of it.</summary>
internal sealed class EndpointCall(
    UpstreamClients clients, TryClocks clocks, Router router, Relays relays, TimeProvider time)
{
    /// <param name="beside">A second try, should this one be silent for long; null for none.</param>
    public async Task<Outcome> TryAsync(Exchange exchange, Destination destination, Hedge? beside = null)
    {
        var (made, untranslatable) = Leg.Of(exchange, destination);
        if (made is null)
            return new Outcome.NotSent(untranslatable!);
        using var leg = made;
        using var clock = clocks.Start(exchange);
        exchange.Dispatch(leg, clock.StartedAt);
        using var span = RequestSpans.StartTry(exchange, destination, exchange.Tries);
        await using var stream = leg.Body.OpenRead();
        Prepare(exchange, stream, leg);
        var attempt = new Attempt(exchange, clock, relays, time);
        using var flight = router.Enter(destination);
        await using var hedge = beside;
        try
        {
            await clients.SendAsync(exchange.Http, destination.Pool, attempt, clock.Token, hedge);
        }
        finally
        {
            exchange.WasSent |= stream.WasRead || hedge is { WasSent: true };
            exchange.Http.RequestAborted = exchange.CallerAborted;
        }
        var outcome = attempt.Outcome ?? NoAnswer(clock);
        flight.Verdict = VerdictOf(outcome);
        hedge?.Judge(flight, flight.Verdict);
        exchange.EndTry(outcome.Code, time.GetElapsedTime(exchange.DispatchedAt));
        var error = exchange.Attempts[^1].ErrorCode;
        if (hedge is { Won: true })
            hedge.EndSecond(error);
        RequestSpans.EndTry(span, hedge is { Won: true } ? hedge.LostWith : error);
        return outcome;
    }

    /// <summary>Each try has the request's body anew, and finds neither an answer nor an error of the one before.</summary>
    private static void Prepare(Exchange exchange, Stream body, Leg leg)
    {
        exchange.Http.Request.Body = body;
        exchange.Http.Request.ContentLength = leg.Body.Length;
        // The forwarder obeys the clock alone, which knows what a caller's leaving means.
        exchange.Http.RequestAborted = CancellationToken.None;
        // Each of our writes has a deadline, of which the record tells; HTTP/2 has only the server's own rate.
        exchange.Http.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        exchange.Http.Features.Set<IForwarderErrorFeature>(null);
        exchange.ClearAnswer();
        if (leg.Dropped is { } dropped)
            exchange.Http.Response.Headers[Findings.Header] = dropped;
    }

    private static Outcome NoAnswer(TryClock clock) =>
        clock.CallerLeft ? new Outcome.CallerLeft()
        : clock.AllowsNext ? new Outcome.TryNext(clock.Error(ApiErrors.UpstreamFailed))
        : new Outcome.Failed(clock.Error(ApiErrors.UpstreamFailed));

    private static Verdict VerdictOf(Outcome outcome) => outcome switch
    {
        Outcome.TryNext { Broke: true } => Verdict.Broken,
        Outcome.Answered { Failure: { } failure } => IsUpstreams(failure) ? Verdict.Broken : Verdict.None,
        Outcome.Failed { Error: var error } => IsUpstreams(error) ? Verdict.Broken : Verdict.None,
        Outcome.CallerLeft or Outcome.CallerTooSlow => Verdict.None,
        _ => Verdict.Alive,
    };

    private static bool IsUpstreams(ApiError error) => error == ApiErrors.UpstreamFailed || error == ApiErrors.UpstreamTimeout;
}
