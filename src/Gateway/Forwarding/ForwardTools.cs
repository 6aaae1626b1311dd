using Platform.Gateway.Chat;
using Platform.Gateway.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Forwarding;

/// <summary>What every try needs.</summary>
internal sealed record ForwardTools(
    IHttpForwarder Forwarder,
    UpstreamClients Clients,
    StreamRelay Streams,
    PlainRelay Plain,
    UpstreamSettings Settings,
    LimitsSettings Limits,
    BufferBudget Budget,
    DrainDeadline Drain,
    GatewayMetrics Metrics,
    TimeProvider Time)
{
    /// <summary>Room for a body that grows by a longer model name and our options.</summary>
    private const int Spliced = 64 * 1024;

    /// <summary>HTTP/1.1, which every engine speaks. Deadlines are <see cref="TryClock"/>'s; YARP's own is beyond them.</summary>
    public ForwarderRequestConfig Config { get; } = new()
    {
        Version = System.Net.HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = TimeSpan.FromSeconds(Settings.TotalSeconds + 60),
    };

    public PooledBuffer NewBodyBuffer() => new(Budget, Limits.MaxBodyBytes + Spliced);

    public TryClock NewClock(Exchange exchange) =>
        new(Settings, Time.GetElapsedTime(exchange.Arrival.Timestamp), Time, exchange.Http.RequestAborted, Drain.Token);
}
