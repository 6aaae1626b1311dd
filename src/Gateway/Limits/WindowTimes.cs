namespace Platform.Gateway.Limits;

/// <summary>Windows are the minutes and days of UTC, numbered from 1970 on.</summary>
internal static class WindowTimes
{
    private static readonly long Epoch = DateTimeOffset.UnixEpoch.Ticks;

    public static int MinuteOf(DateTimeOffset now) => (int)((now.UtcTicks - Epoch) / TimeSpan.TicksPerMinute);

    public static int DayOf(DateTimeOffset now) => (int)((now.UtcTicks - Epoch) / TimeSpan.TicksPerDay);

    public static DateTimeOffset EndOfMinute(int index) => DateTimeOffset.UnixEpoch.AddMinutes(index + 1L);

    public static DateTimeOffset EndOfDay(int index) => DateTimeOffset.UnixEpoch.AddDays(index + 1L);

    /// <summary>From now until the window has enough left.</summary>
    public static TimeSpan Until(QuotaKind kind, in Window window, long amount, long limit, DateTimeOffset now)
    {
        var isDay = kind is QuotaKind.RequestsPerDay or QuotaKind.TokensPerDay;
        var more = window.WindowsUntil(amount, limit) - 1;
        return isDay ? EndOfDay(window.Index) + TimeSpan.FromDays(more) - now : EndOfMinute(window.Index) + TimeSpan.FromMinutes(more) - now;
    }
}
