using System.Globalization;

namespace Platform.TestKit.Upstream;

/// <summary>The forms in which upstreams say when to come back.</summary>
public static class RetryAfter
{
    public static (string Name, string Value) Seconds(int seconds) => ("retry-after", seconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Not in RFC 9110, but sent: <c>1.5</c>.</summary>
    public static (string Name, string Value) Fraction(double seconds) => ("retry-after", seconds.ToString("0.0##", CultureInfo.InvariantCulture));

    /// <summary>OpenAI's own, preferred by its clients.</summary>
    public static (string Name, string Value) Milliseconds(long milliseconds) => ("retry-after-ms", milliseconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>RFC 9110's HTTP-date, whole seconds.</summary>
    public static (string Name, string Value) Date(DateTimeOffset when) => ("retry-after", when.ToUniversalTime().ToString("r", CultureInfo.InvariantCulture));

    public static (string Name, string Value) Nonsense(string value = "soon") => ("retry-after", value);
}
