using Platform.Contracts.Configuration;

namespace Platform.Gateway.Routing;

/// <summary>Finds routes for requests, and learns from how tries end.</summary>
internal sealed class Router(EndpointStates states, IEndpointPicker picker, RetryBudgets budgets, RoutingSettings settings, Random random)
{
    public int MaxTries => settings.MaxTries;

    public RequestRoute RouteFor(RouteRequest request, ModelEntry model)
    {
        budgets.AddRequest(model.Id);
        return new(request, TargetOrder.Of(model.Targets, random), states, picker);
    }

    /// <summary>Takes one more try of a request from the budgets; false where they are spent.</summary>
    public bool TryRetry(ModelEntry model) => budgets.TryTake(model.Id);

    /// <summary>A try begins.</summary>
    public Flight Enter(Destination destination) => new(states.Of(destination.Endpoint.Id));

    /// <summary>The endpoint asked to be left alone, or else is avoided for a moment.</summary>
    public void SetBack(Destination destination, TimeSpan? pause)
    {
        if (pause is { } wanted)
            states.Pause(destination.Endpoint.Id, destination.UpstreamModel, wanted);
        else
            states.Penalise(destination.Endpoint.Id);
    }
}
