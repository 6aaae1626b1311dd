using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Routing;

/// <summary>Finds routes for requests, and learns from how tries end.</summary>
internal sealed class Router(EndpointStates states, IEndpointPicker picker, RoutingSettings settings, Random random)
{
    public int MaxTries => settings.MaxTries;

    public RequestRoute RouteFor(RouteRequest request, ModelEntry model) =>
        new(request, TargetOrder.Of(model.Targets, random), states, picker);

    /// <summary>Counts a request as in flight there until it is disposed.</summary>
    public Flight Enter(EndpointId endpoint) => new(states.Of(endpoint));

    /// <inheritdoc cref="EndpointStates.Penalise"/>
    public void Penalise(EndpointId endpoint) => states.Penalise(endpoint);

    internal readonly struct Flight : IDisposable
    {
        private readonly EndpointState _state;

        public Flight(EndpointState state)
        {
            _state = state;
            state.Enter();
        }

        public void Dispose() => _state.Leave();
    }
}
