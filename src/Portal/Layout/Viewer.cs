namespace Platform.Portal.Layout;

/// <summary>How the person at the screen reads times.</summary>
public sealed record Viewer(TimeZoneInfo Zone)
{
    public static readonly Viewer Utc = new(TimeZoneInfo.Utc);

    /// <summary>The browser's zone; its present offset where this machine does not know the zone's name.</summary>
    public static Viewer Of(string zone, int offsetMinutes)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known))
            return new(known);
        var offset = TimeSpan.FromMinutes(Math.Clamp(offsetMinutes, -14 * 60, 14 * 60));
        return new(TimeZoneInfo.CreateCustomTimeZone("browser", offset, "browser", "browser"));
    }

    public DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    /// <summary>The start of the viewer's day, in full UTC hours: the ledger's totals are by UTC hour.</summary>
    public DateTimeOffset StartOfDay(DateTimeOffset now)
    {
        var midnight = Local(now).Date;
        var utc = new DateTimeOffset(midnight, Zone.GetUtcOffset(midnight)).ToUniversalTime();
        return new(utc.Year, utc.Month, utc.Day, utc.Hour, 0, 0, TimeSpan.Zero);
    }
}
