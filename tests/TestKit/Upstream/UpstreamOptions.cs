using System.Security.Cryptography.X509Certificates;

namespace Platform.TestKit.Upstream;

public sealed record UpstreamOptions
{
    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; }

    /// <summary>The clock of scripted stalls and pauses. Deadlines are real time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>No step, and no read of a request that has begun, takes longer: the connection is reset and a fault recorded.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests kept; older ones are dropped.</summary>
    public int MaxRequests { get; init; } = 1000;

    public int MaxHeadBytes { get; init; } = 256 << 10;

    public int MaxBodyBytes { get; init; } = 64 << 20;

    /// <summary>Speaks TLS (1.2 and 1.3, HTTP/1.1) with this certificate and its private key.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Asked with the head alone, before the body is read; a script from it plays at once, null waits for the body.</summary>
    public Func<UpstreamRequest, Script?>? BeforeBody { get; init; }
}
