namespace Platform.Contracts.Configuration;

/// <summary>How a tenant's requests are carried; null leaves a member to the agent's settings.</summary>
public sealed record TrafficSpec
{
    /// <summary>The longest <see cref="IdempotencySeconds"/> and <see cref="CacheSeconds"/>: a day.</summary>
    public const int MaxSeconds = 86_400;

    /// <summary>
    /// What becomes of an answer whose caller left: one of <see cref="DisconnectActions"/>.
    /// </summary>
    public string? OnDisconnect { get; init; }

    /// <summary>Whether answers carry <c>x-gateway-model</c>, <c>-endpoint</c> and the like; those of errors always come.</summary>
    public bool? ShowGatewayHeaders { get; init; }

    /// <summary>
    /// Origins (Fetch standard: scheme, host and port) whose pages may call with the tenant's keys; <c>*</c> alone for
    /// all. Null or empty for none.
    /// </summary>
    public IReadOnlyList<string>? CorsOrigins { get; init; }

    /// <summary>Seconds in which an answer is given again to the same <c>Idempotency-Key</c>; 0 for never.</summary>
    public int? IdempotencySeconds { get; init; }

    /// <summary>Seconds that an answer may come from the cache instead of a pool; 0 or null for never.</summary>
    public int? CacheSeconds { get; init; }
}

public static class DisconnectActions
{
    /// <summary>The engine is stopped: it saves its time, and the count is what it said up to then.</summary>
    public const string Cancel = "cancel";

    /// <summary>The answer is read to its end, within bounds, for an exact count.</summary>
    public const string Finish = "finish";
}
