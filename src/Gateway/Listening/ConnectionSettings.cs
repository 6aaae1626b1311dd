using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Platform.Gateway.Listening;

/// <summary>Section <c>Connections</c>: what a connection may take before anybody knows whose it is.</summary>
internal sealed class ConnectionSettings : IValidatableObject
{
    /// <summary>A connection beyond these is closed at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Method, target and version. A longer line is 414.</summary>
    [Range(256, 1024 * 1024)]
    public int MaxRequestLineBytes { get; set; } = 8 * 1024;

    /// <summary>Header lines of a request; more are 431.</summary>
    [Range(16, 10_000)]
    public int MaxHeaders { get; set; } = 100;

    /// <summary>All header lines of a request together; more are 431, and in HTTP/2 the stream's end.</summary>
    [Range(1024, 1024 * 1024)]
    public int MaxHeaderBytes { get; set; } = 32 * 1024;

    /// <summary>From a request's first byte to the end of its headers; then 408, and in HTTP/2 the connection's end.</summary>
    [Range(1, 600)]
    public int HeaderSeconds { get; set; } = 15;

    /// <summary>Without a request, from the first moment on. Longer than balancers keep connections, so that it is they who close.</summary>
    [Range(1, 3600)]
    public int IdleSeconds { get; set; } = 130;

    /// <summary>A body that comes more slowly is 408, and in HTTP/2 the connection's end.</summary>
    [Range(1, 1024 * 1024)]
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>How long a body may come more slowly than that.</summary>
    [Range(2, 600)]
    public int MinBodyGraceSeconds { get; set; } = 5;

    /// <summary>What is read of a connection before the agent asks for it.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int MaxReadAheadBytes { get; set; } = 256 * 1024;

    /// <summary>Requests at one time on one HTTP/2 connection.</summary>
    [Range(1, 10_000)]
    public int MaxStreams { get; set; } = 100;

    /// <summary>Bytes of one HTTP/2 request's body that are on their way or unread.</summary>
    [Range(65_535, 64 * 1024 * 1024)]
    public int StreamWindowBytes { get; set; } = 256 * 1024;

    /// <summary>The same of all on one connection.</summary>
    [Range(65_535, 64 * 1024 * 1024)]
    public int ConnectionWindowBytes { get; set; } = 1024 * 1024;

    /// <summary>An HTTP/2 connection that is silent for so long is asked whether it lives.</summary>
    [Range(1, 3600)]
    public int PingSeconds { get; set; } = 30;

    /// <summary>Time for it to say so; then it is closed.</summary>
    [Range(1, 600)]
    public int PingTimeoutSeconds { get; set; } = 20;

    public void Apply(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestLineSize = MaxRequestLineBytes;
        limits.MaxRequestHeaderCount = MaxHeaders;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestBufferSize = MaxReadAheadBytes;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(HeaderSeconds);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(IdleSeconds);
        limits.MinRequestBodyDataRate = new(MinBodyBytesPerSecond, TimeSpan.FromSeconds(MinBodyGraceSeconds));
        limits.Http2.MaxStreamsPerConnection = MaxStreams;
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeaderBytes;
        limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(PingSeconds);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(PingTimeoutSeconds);
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Math.Max(MaxRequestLineBytes, MaxHeaderBytes) > MaxReadAheadBytes)
            yield return new($"{nameof(MaxReadAheadBytes)} must not be below {nameof(MaxRequestLineBytes)} or {nameof(MaxHeaderBytes)}.");
    }
}
