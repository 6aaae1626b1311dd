using System.Globalization;

namespace Platform.Gateway.Forwarding;

/// <summary>How long an upstream asks to be left alone.</summary>
internal static class UpstreamPause
{
    private const string Milliseconds = "retry-after-ms";

    /// <summary>
    /// From <c>retry-after-ms</c>, which is OpenAI's and finer, or <c>Retry-After</c> in seconds or as a date (RFC 9110,
    /// 10.2.3). Null where it says neither, or a time that is over.
    /// </summary>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now)
    {
        var pause = FromMilliseconds(response) ?? response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => null,
        };
        return pause > TimeSpan.Zero ? pause : null;
    }

    private static TimeSpan? FromMilliseconds(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(Milliseconds, out var values)
        && double.TryParse(values.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds < TimeSpan.MaxValue.TotalMilliseconds / 2
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;
}
