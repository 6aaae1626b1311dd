using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Routing;

/// <summary>Section <c>Routing</c>.</summary>
internal sealed class RoutingSettings
{
    /// <summary>Endpoints that are tried for one request before it fails.</summary>
    [Range(1, 10)]
    public int MaxTries { get; set; } = 3;

    /// <summary>How long an endpoint that failed is avoided while others exist.</summary>
    [Range(0, 60_000)]
    public int PenaltyMilliseconds { get; set; } = 1000;

    /// <summary>The longest that an endpoint is left alone because its <c>Retry-After</c> asks for it.</summary>
    [Range(0, 3600)]
    public int MaxPauseSeconds { get; set; } = 60;

    /// <summary>A prompt that is too long for one tier of a model's targets is tried in the next, where the model does not say.</summary>
    public bool FallBackOnContextLength { get; set; }

    /// <summary>Second and later tries, of one hundred requests of the last ten seconds: for each model, and for all together.</summary>
    [Range(0, 1000)]
    public int RetryPercent { get; set; } = 20;

    /// <summary>Tries that all together may make beyond it.</summary>
    [Range(0, 100_000)]
    public int MinRetriesPerSecond { get; set; } = 10;

    /// <summary>Tries that a model may make beyond it.</summary>
    [Range(0, 100_000)]
    public int MinModelRetriesPerSecond { get; set; } = 5;

    /// <summary>Failures in a row after which an endpoint gets nothing.</summary>
    [Range(1, 1000)]
    public int BreakerFailures { get; set; } = 5;

    /// <summary>Failed ones of one hundred tries after which an endpoint gets nothing.</summary>
    [Range(1, 100)]
    public int BreakerFailedPercent { get; set; } = 50;

    /// <summary>Fewer tries say nothing of that share.</summary>
    [Range(1, 100_000)]
    public int BreakerMinTries { get; set; } = 20;

    /// <summary>The tries of so long count.</summary>
    [Range(1, 3600)]
    public int BreakerWindowSeconds { get; set; } = 30;

    /// <summary>How long it gets nothing; then one try decides.</summary>
    [Range(1, 3_600_000)]
    public int BreakerOpenMilliseconds { get; set; } = 10_000;
}
