namespace Platform.Gateway.Forwarding;

internal sealed class TryClocks(UpstreamSettings settings, DrainDeadline drain, DetachedReads detached, TimeProvider time)
{
    /// <summary>A clock for one try, of what is left of the request's time.</summary>
    public TryClock Start(Exchange exchange)
    {
        var limits = new TryLimits(
            TimeSpan.FromSeconds(settings.TotalSeconds) - time.GetElapsedTime(exchange.Arrival.Timestamp),
            exchange.Policy.TryTime,
            TimeSpan.FromSeconds(settings.FirstByteSeconds),
            TimeSpan.FromSeconds(settings.IdleSeconds),
            TimeSpan.FromSeconds(settings.WriteSeconds),
            exchange.Policy.OnDisconnect == OnDisconnect.Finish || exchange.Copy?.IsAwaited == true ? detached : null);
        return new(limits, time, exchange.CallerAborted, drain.Token, exchange.Suspension);
    }
}
