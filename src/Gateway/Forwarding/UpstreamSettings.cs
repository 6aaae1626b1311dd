using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Forwarding;

/// <summary>Section <c>Upstream</c>: how long an endpoint may take, and a caller to take what it says.</summary>
internal sealed class UpstreamSettings
{
    /// <summary>For name, connection and TLS together.</summary>
    [Range(1, 60_000)]
    public int ConnectMilliseconds { get; set; } = 2000;

    /// <summary>From dispatch to the first byte of the body; long prompts wait in the engine's queue.</summary>
    [Range(1, 86_400)]
    public int FirstByteSeconds { get; set; } = 300;

    /// <summary>Between two bytes of the body. The time in which a caller does not read is not the upstream's.</summary>
    [Range(1, 86_400)]
    public int IdleSeconds { get; set; } = 120;

    /// <summary>For one request with all its tries.</summary>
    [Range(1, 86_400)]
    public int TotalSeconds { get; set; } = 1800;

    /// <summary>For one try, until its answer goes to the caller; then another endpoint is tried. 0 for none.</summary>
    [Range(0, 86_400)]
    public int TrySeconds { get; set; }

    /// <summary>For a caller to take what was written, at most 64 KiB at a time.</summary>
    [Range(1, 3600)]
    public int WriteSeconds { get; set; } = 30;

    /// <summary>Silence in a stream after which its caller gets a sign of life; 0 for never.</summary>
    [Range(0, 3_600_000)]
    public int KeepAliveMilliseconds { get; set; } = 15_000;

    /// <summary>
    /// Signs of life also before the first event, once the upstream's answer has begun. They begin the caller's answer, so
    /// that no other endpoint can be tried after one.
    /// </summary>
    public bool KeepAliveBeginsAnswer { get; set; }

    /// <summary>Where the tenant does not say.</summary>
    public OnDisconnect OnDisconnect { get; set; }

    /// <summary>Answers that are read to their end without a caller, at one time; further ones are cancelled.</summary>
    [Range(0, 100_000)]
    public int MaxDetached { get; set; } = 64;

    /// <summary>How long one of them may go on.</summary>
    [Range(1, 86_400)]
    public int DetachedSeconds { get; set; } = 60;

    /// <summary>How much of one of them is read.</summary>
    [Range(1, 1024 * 1024 * 1024)]
    public int MaxDetachedBytes { get; set; } = 16 * 1024 * 1024;
}
