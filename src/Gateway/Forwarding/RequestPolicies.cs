using Platform.Contracts.Configuration;
using Platform.Gateway.Configuration;
using Platform.Gateway.Routing;

namespace Platform.Gateway.Forwarding;

/// <summary>The one place where a request's choices are looked up: what neither its tenant nor its model says is the agent's setting.</summary>
internal sealed class RequestPolicies(UpstreamSettings upstream, RoutingSettings routing)
{
    /// <param name="tenant">Says what becomes of an answer whose caller left.</param>
    /// <param name="model">Says the rest.</param>
    public RequestPolicy Of(TenantModel tenant, ModelEntry model)
    {
        var asked = model.Routing;
        var trySeconds = asked?.TrySeconds ?? upstream.TrySeconds;
        return new(
            tenant.Traffic.OnDisconnect ?? upstream.OnDisconnect,
            trySeconds == 0 ? null : TimeSpan.FromSeconds(trySeconds),
            asked?.FallBackOnContextLength ?? routing.FallBackOnContextLength,
            asked?.HedgeAfterMs is > 0 and var milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null);
    }
}
