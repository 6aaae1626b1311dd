using Platform.Contracts.Configuration;

namespace Platform.Gateway.Configuration;

/// <summary>Faults of how a tenant's requests are carried.</summary>
internal static class TrafficChecks
{
    /// <summary>Of a tenant that said nothing.</summary>
    public static readonly TrafficSpec Silent = new();

    public static void Check(TrafficSpec? traffic, List<string> faults)
    {
        if (traffic is null)
            return;
        CheckSeconds(traffic.IdempotencySeconds, "time in which an answer is given again", faults);
        CheckSeconds(traffic.CacheSeconds, "time in the cache", faults);
    }

    public static void CheckSeconds(int? seconds, string what, List<string> faults)
    {
        if (seconds is < 0 or > TrafficSpec.MaxSeconds)
            faults.Add($"The {what} is not within 0 and {TrafficSpec.MaxSeconds} seconds.");
    }
}
