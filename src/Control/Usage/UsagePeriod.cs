using System.Globalization;

namespace Platform.Control.Usage;

/// <summary>A range of time asked for: <paramref name="From"/> inclusive, <paramref name="To"/> exclusive, both UTC.</summary>
internal readonly record struct UsagePeriod(DateTimeOffset From, DateTimeOffset To)
{
    public static readonly TimeSpan MaxLength = TimeSpan.FromDays(400);

    /// <summary>
    /// Reads <c>from</c> and <c>to</c> (ISO 8601; without an offset they are UTC; a bare date is its first instant).
    /// Without either: the present UTC day. With one: up to now, or the day that ends there.
    /// </summary>
    /// <returns>Faults by parameter; empty when <paramref name="period"/> is good.</returns>
    public static Dictionary<string, string[]> Read(string? from, string? to, DateTimeOffset now, out UsagePeriod period)
    {
        var faults = new Dictionary<string, string[]>();
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var end = Parse("to", to, today.AddDays(1), faults);
        var start = Parse("from", from, to is null ? today : end.AddDays(-1), faults);
        period = new(start, end);
        if (faults.Count == 0 && start >= end)
            faults["from"] = ["from must be before to."];
        else if (faults.Count == 0 && end - start > MaxLength)
            faults["from"] = [$"At most {MaxLength.Days} days."];
        return faults;
    }

    private static DateTimeOffset Parse(string name, string? text, DateTimeOffset fallback, Dictionary<string, string[]> faults)
    {
        if (string.IsNullOrEmpty(text))
            return fallback;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var value) && value.Year is >= 2000 and < 9000)
            return value;
        faults[name] = ["Not a time in ISO 8601."];
        return fallback;
    }
}
