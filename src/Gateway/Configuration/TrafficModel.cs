using System.Collections.Frozen;
using Platform.Contracts.Configuration;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Configuration;

/// <summary>How a tenant's requests are carried, as requests need it. Tenants that said nothing share one.</summary>
/// <param name="Spec">As it is kept on disk; null where nobody said anything.</param>
/// <param name="OnDisconnect">Null for the agent's setting.</param>
/// <param name="Origins">Whose pages may call, as browsers write them.</param>
/// <param name="AllowsAnyOrigin">All pages may.</param>
internal sealed record TrafficModel(TrafficSpec? Spec, OnDisconnect? OnDisconnect, FrozenSet<string> Origins, bool AllowsAnyOrigin)
{
    public static readonly TrafficModel None = new(null, null, [], false);

    public bool? ShowGatewayHeaders => Spec?.ShowGatewayHeaders;

    public int? IdempotencySeconds => Spec?.IdempotencySeconds;

    public int? CacheSeconds => Spec?.CacheSeconds;

    /// <param name="spec">One without faults.</param>
    public static TrafficModel Of(TrafficSpec? spec)
    {
        if (spec is null)
            return None;
        OnDisconnect? onDisconnect = spec.OnDisconnect switch
        {
            DisconnectActions.Cancel => Forwarding.OnDisconnect.Cancel,
            DisconnectActions.Finish => Forwarding.OnDisconnect.Finish,
            _ => null,
        };
        var texts = spec.CorsOrigins ?? [];
        return texts is [WebOrigin.Any]
            ? new(spec, onDisconnect, [], true)
            : new(spec, onDisconnect, texts.Select(WebOrigin.Parse).OfType<string>().ToFrozenSet(StringComparer.Ordinal), false);
    }
}
