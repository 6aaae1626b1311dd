namespace Platform.Gateway.Routing;

/// <summary>
/// Chooses where a request goes. Pure: the answer depends on the candidates alone (and on chance that is injected), so
/// that a decision can be replayed. The seam for GPU-aware routing.
/// </summary>
internal interface IEndpointPicker
{
    /// <summary>Index of the chosen candidate; -1 where there is none.</summary>
    int Pick(ReadOnlySpan<Candidate> candidates);
}

/// <summary>An endpoint that has not been tried for this request, as it is at this moment.</summary>
/// <param name="InFlight">Requests that this agent has there.</param>
/// <param name="Penalised">It failed a moment ago.</param>
internal readonly record struct Candidate(int InFlight, bool Penalised);
