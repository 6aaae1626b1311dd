namespace Platform.Gateway.Routing;

/// <summary>
/// Bounds second tries by the requests that there are: when much fails, tries elsewhere only make it worse. A floor lets
/// those retry that are few.
/// </summary>
internal sealed class RetryBudget(int percent, int floorPerSecond, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly SlidingCounts _counts = new(Window, time);

    /// <summary>There was nothing in the last moments.</summary>
    public bool IsIdle => _counts.Sum() is (0, 0);

    /// <summary>A request came.</summary>
    public void AddRequest() => _counts.AddFirst();

    public bool Allows()
    {
        var (requests, retries) = _counts.Sum();
        return retries < (floorPerSecond * Window.TotalSeconds) + (requests * percent / 100.0);
    }

    public void AddRetry() => _counts.AddSecond();
}
