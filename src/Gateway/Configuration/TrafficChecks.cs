using Platform.Contracts.Configuration;

namespace Platform.Gateway.Configuration;

/// <summary>Faults of how a tenant's requests are carried.</summary>
internal static class TrafficChecks
{
    public static void Check(TrafficSpec? traffic, List<string> faults)
    {
        if (traffic is null)
            return;
        if (traffic.OnDisconnect is not (null or DisconnectActions.Cancel or DisconnectActions.Finish))
            faults.Add($"What becomes of an answer whose caller left is '{traffic.OnDisconnect}', which is not known.");
        if (traffic.CorsOrigins is { } origins && origins is not [WebOrigin.Any])
            faults.AddRange(origins.Where(o => WebOrigin.Parse(o) is null).Select(o => $"'{o}' is no origin of scheme, host and port; '{WebOrigin.Any}' stands alone."));
        CheckSeconds(traffic.IdempotencySeconds, "time in which an answer is given again", faults);
        CheckSeconds(traffic.CacheSeconds, "time in the cache", faults);
    }

    public static void CheckSeconds(int? seconds, string what, List<string> faults)
    {
        if (seconds is < 0 or > TrafficSpec.MaxSeconds)
            faults.Add($"The {what} is not within 0 and {TrafficSpec.MaxSeconds} seconds.");
    }
}
