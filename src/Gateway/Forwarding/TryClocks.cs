namespace Platform.Gateway.Forwarding;

internal sealed class TryClocks(UpstreamSettings settings, DrainDeadline drain, TimeProvider time)
{
    /// <summary>A clock for one try, of what is left of the request's time.</summary>
    public TryClock Start(Exchange exchange) =>
        new(settings, time.GetElapsedTime(exchange.Arrival.Timestamp), time, exchange.Http.RequestAborted, drain.Token, exchange.Suspension);
}
