using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Requests;

/// <summary>Section <c>Limits</c>: what one request may take, and all together.</summary>
internal sealed class LimitsSettings
{
    /// <summary>Requests, streamed ones too, that run at one time with one key at this agent; 429 beyond.</summary>
    [Range(1, 1_000_000)]
    public int MaxConcurrentPerKey { get; set; } = 1000;

    [Range(1, 1024 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Time for a request's body to arrive.</summary>
    [Range(1, 3600)]
    public int BodySeconds { get; set; } = 30;

    /// <summary>Bound of an answer that is not streamed.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxAnswerBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Bound of one event of a stream.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxEventBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Bodies, answers and unfinished events held at one time, all together; beyond it requests are refused.</summary>
    [Range(1, 1024 * 1024)]
    public int MaxBufferedMegabytes { get; set; } = 512;
}
