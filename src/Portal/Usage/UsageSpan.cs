using Platform.Portal.Layout;

namespace Platform.Portal.Usage;

/// <summary>A stretch of the ledger to show.</summary>
/// <param name="From">Inclusive, a full UTC hour.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Bucket">Of Control's answer: <c>hour</c> or <c>day</c>.</param>
internal sealed record UsageSpan(DateTimeOffset From, DateTimeOffset To, string Bucket)
{
    public const string TodayName = "today";
    public const string WeekName = "7d";

    /// <summary>The viewer's day up to its end, by hour.</summary>
    public static UsageSpan Today(DateTimeOffset now, Viewer viewer)
    {
        var start = viewer.StartOfDay(now);
        return new(start, viewer.StartOfDay(start.AddHours(36)), "hour");
    }

    /// <summary>Seven UTC days, today included.</summary>
    public static UsageSpan Week(DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return new(today.AddDays(-6), today.AddDays(1), "day");
    }

    public static UsageSpan Named(string? name, DateTimeOffset now, Viewer viewer) => name is WeekName ? Week(now) : Today(now, viewer);
}
