namespace Platform.Gateway.Routing;

/// <summary>
/// The endpoint with the fewest requests in flight, ties at random. One that failed a moment ago is taken only where
/// all have: a server that fails fast has few requests in flight and would draw all the others.
/// </summary>
internal sealed class FewestInFlightPicker(Random random) : IEndpointPicker
{
    public int Pick(ReadOnlySpan<Candidate> candidates)
    {
        var best = -1;
        var ties = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var order = best < 0 ? -1 : Compare(candidates[i], candidates[best]);
            if (order < 0)
            {
                best = i;
                ties = 1;
            }
            else if (order == 0 && random.Next(++ties) == 0)
            {
                best = i;
            }
        }
        return best;
    }

    private static int Compare(Candidate a, Candidate b) =>
        a.Penalised != b.Penalised ? a.Penalised.CompareTo(b.Penalised) : a.InFlight.CompareTo(b.InFlight);
}
