using System.Globalization;

namespace Platform.Gateway.Limits;

/// <summary>Durations as Go writes them and <c>time.ParseDuration</c> reads them: <c>12ms</c>, <c>51.189s</c>, <c>6m0s</c>, <c>1h0m2.5s</c>. To the millisecond, rounded up.</summary>
internal static class GoDuration
{
    public static string Of(TimeSpan time)
    {
        var total = Math.Max(0, (long)Math.Ceiling(time.TotalMilliseconds));
        if (total is > 0 and < 1000)
            return total.ToString(CultureInfo.InvariantCulture) + "ms";
        var (minutes, milliseconds) = Math.DivRem(total, 60_000);
        var seconds = Seconds(milliseconds);
        return minutes == 0 ? seconds
            : minutes < 60 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m{seconds}")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes / 60}h{minutes % 60}m{seconds}");
    }

    /// <summary>Without zeros at the end of a fraction.</summary>
    private static string Seconds(long milliseconds)
    {
        var (seconds, rest) = Math.DivRem(milliseconds, 1000);
        return rest == 0 ? string.Create(CultureInfo.InvariantCulture, $"{seconds}s")
            : rest % 100 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{seconds}.{rest / 100}s")
            : rest % 10 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{seconds}.{rest / 10:00}s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds}.{rest:000}s");
    }
}
