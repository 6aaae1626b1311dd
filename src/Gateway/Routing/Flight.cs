namespace Platform.Gateway.Routing;

/// <summary>One try that is under way at an endpoint; counted as in flight there until it is disposed.</summary>
internal sealed class Flight : IDisposable
{
    private readonly EndpointState _state;
    private readonly bool _decides;

    public Flight(EndpointState state)
    {
        (_state, _decides) = (state, state.Breaker.Begin());
        state.Enter();
    }

    /// <summary>What the endpoint is told to be when the try is over.</summary>
    public Verdict Verdict { get; set; }

    public void Dispose()
    {
        _state.Leave();
        _state.Breaker.End(Verdict, _decides);
    }
}
