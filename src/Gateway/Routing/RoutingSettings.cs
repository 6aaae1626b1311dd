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

    /// <summary>A prompt that is too long for one tier of a model's targets is tried in the next, where the model does not say.</summary>
    public bool FallBackOnContextLength { get; set; }
}
