using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Forwarding;

/// <summary>Section <c>Upstream</c>: how long an endpoint may take.</summary>
internal sealed class UpstreamSettings
{
    /// <summary>For name, connection and TLS together.</summary>
    [Range(1, 60_000)]
    public int ConnectMilliseconds { get; set; } = 2000;

    /// <summary>From dispatch to the first byte of the body; long prompts wait in the engine's queue.</summary>
    [Range(1, 86_400)]
    public int FirstByteSeconds { get; set; } = 300;

    /// <summary>Between two bytes of the body.</summary>
    [Range(1, 86_400)]
    public int IdleSeconds { get; set; } = 120;

    /// <summary>For one request with all its tries.</summary>
    [Range(1, 86_400)]
    public int TotalSeconds { get; set; } = 1800;
}
