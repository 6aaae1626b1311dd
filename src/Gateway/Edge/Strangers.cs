using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Edge;

/// <summary>
/// Those whose key is not known yet, or is none. Of their bodies little is read: a client that reads no answer before it has
/// sent everything gets it with a short body, and with a longer one the connection closes behind the answer.
/// </summary>
internal sealed class Strangers(IOptions<KestrelServerOptions> kestrel, TimeProvider time, ILogger<Strangers> logger)
{
    /// <summary>Of a stranger's body so much is read and thrown away, for at most 5 s (Kestrel's own bound).</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>Between two lines in the log.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly long? _callersBytes = kestrel.Value.Limits.MaxRequestBodySize;
    private long _refused;

    /// <summary>Timestamp before which nothing more is logged.</summary>
    private long _quietUntil = time.GetTimestamp();

    public static void Greet(HttpContext context) => Bound(context, MaxBodyBytes);

    /// <summary>It is a caller's request: its body may be as long as callers' may.</summary>
    public void Welcome(HttpContext context) => Bound(context, _callersBytes);

    /// <summary>The request was refused for want of a key. A line tells how many were, and there is at most one in ten seconds.</summary>
    public void Refused()
    {
        Interlocked.Increment(ref _refused);
        var quietUntil = Volatile.Read(ref _quietUntil);
        var now = time.GetTimestamp();
        if (now < quietUntil)
            return;
        var next = now + (long)(Interval.TotalSeconds * time.TimestampFrequency);
        if (Interlocked.CompareExchange(ref _quietUntil, next, quietUntil) == quietUntil)
            Log.Strangers(logger, Interlocked.Exchange(ref _refused, 0));
    }

    /// <summary>Whether the server will not read the rest of the body, so that the connection cannot be used again.</summary>
    public static bool LeavesBody(HttpContext context)
    {
        var features = context.Features;
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false, MaxRequestBodySize: { } bound }
            || features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return false;
        if (!HttpProtocol.IsHttp11(context.Request.Protocol) && !HttpProtocol.IsHttp10(context.Request.Protocol))
            return false;
        return context.Request.ContentLength is { } length ? length > bound : bound == MaxBodyBytes;
    }

    private static void Bound(HttpContext context, long? bytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = bytes;
    }
}
