using Platform.Gateway.Errors;
using Platform.Gateway.Requests;
using Platform.Gateway.Routing;
using Platform.Gateway.Translation;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Forwarding;

/// <summary>One try: the body for this endpoint, the way there, and what came of it.</summary>
internal sealed class EndpointCall(UpstreamClients clients, TryClocks clocks, Router router, StreamRelay streams, PlainRelay plain, BufferBudget budget)
{
    public async Task<Outcome> TryAsync(Exchange exchange, Destination destination)
    {
        var (made, untranslatable) = Leg.Of(exchange, destination, budget);
        if (made is null)
            return new Outcome.NotSent(untranslatable!);
        using var leg = made;
        using var clock = clocks.Start(exchange);
        exchange.Dispatch(leg, clock.StartedAt);
        await using var stream = leg.Body.OpenRead();
        Prepare(exchange, stream, leg);
        var attempt = new Attempt(exchange, clock, streams, plain);
        try
        {
            using (router.Enter(destination.Endpoint.Id))
                await clients.SendAsync(exchange.Http, destination.Pool, attempt, clock.Token);
        }
        finally
        {
            exchange.WasSent |= stream.WasRead;
        }
        return attempt.Outcome ?? NoAnswer(clock);
    }

    /// <summary>Each try has the request's body anew, and finds neither an answer nor an error of the one before.</summary>
    private static void Prepare(Exchange exchange, Stream body, Leg leg)
    {
        exchange.Http.Request.Body = body;
        exchange.Http.Request.ContentLength = leg.Body.Length;
        exchange.Http.Features.Set<IForwarderErrorFeature>(null);
        exchange.ClearAnswer();
        if (leg.Dropped is { } dropped)
            exchange.Http.Response.Headers[Findings.Header] = dropped;
    }

    private static Outcome NoAnswer(TryClock clock) =>
        clock.CallerLeft ? new Outcome.CallerLeft()
        : clock.IsRunning ? new Outcome.TryNext(ApiErrors.UpstreamFailed, Penalise: true)
        : new Outcome.Failed(clock.Error(ApiErrors.UpstreamFailed));
}
