using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;

namespace Platform.Contracts.Api;

/// <summary>PUT /api/v1/tenants/{tenantId}/traffic-policy: how the tenant's requests are carried. What is left out is the agent's to say.</summary>
public sealed record TrafficPolicyRequest
{
    public const int MaxOrigins = 100;

    /// <summary>What becomes of an answer whose caller left: <c>cancel</c> stops the engine, <c>finish</c> reads to the end for an exact count.</summary>
    [AllowedValues(DisconnectActions.Cancel, DisconnectActions.Finish, null)]
    public string? OnDisconnect { get; init; }

    /// <summary>Whether answers carry <c>x-gateway-model</c>, <c>-endpoint</c> and the like.</summary>
    public bool? ShowGatewayHeaders { get; init; }

    /// <summary>
    /// Origins whose pages may call with the tenant's keys, as browsers write them (Fetch standard): scheme, host, and the
    /// port where it is not the scheme's own; <c>*</c> alone for all. Null or empty for none.
    /// </summary>
    [MaxLength(MaxOrigins)]
    public IReadOnlyList<string>? CorsOrigins { get; init; }

    /// <summary>Seconds in which an answer is given again to the same <c>Idempotency-Key</c>; 0 for never.</summary>
    [Range(0, TrafficSpec.MaxSeconds)]
    public int? IdempotencySeconds { get; init; }

    /// <summary>Seconds that an answer may come from the cache instead of a pool; 0 or null for never.</summary>
    [Range(0, TrafficSpec.MaxSeconds)]
    public int? CacheSeconds { get; init; }
}

/// <param name="Policy">Null where the tenant never said anything.</param>
/// <param name="Version">Grows with each change; 0 where there was none.</param>
public sealed record TrafficPolicyAnswer(TrafficSpec? Policy, DateTimeOffset? UpdatedAt, long Version) : IVersioned;
