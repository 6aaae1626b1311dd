using System.Collections.Frozen;
using System.Net.Http.Headers;
using System.Text;

namespace Platform.Gateway.Forwarding;

/// <summary>Which headers cross the gateway.</summary>
internal static class HeaderPolicy
{
    /// <summary>
    /// Never sent upstream: hop-by-hop (RFC 9110, 7.6.1), what the gateway decides itself, forwarding claims that the
    /// caller could invent, and credentials of the caller's.
    /// </summary>
    private static readonly FrozenSet<string> Dropped = new[]
    {
        "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings", "expect",
        "host", "content-length", "accept-encoding", "x-request-id", "traceparent", "tracestate", "baggage", "correlation-context",
        "forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip",
        "authorization", "proxy-authorization", "proxy-authenticate", "api-key", "x-api-key", "cookie", "cookie2",
        "openai-organization", "openai-project", "idempotency-key", "x-content-length",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] DroppedPrefixes = ["x-forwarded-", "x-gateway-", "x-envoy-", "x-original-", ":"];

    /// <summary>All that comes back besides our own; the rest is the upstream's business.</summary>
    private static readonly string[] Returned = ["cache-control", "openai-version"];

    /// <summary>Whether a caller's header of this name never gets further than here.</summary>
    public static bool IsOurs(string name) => Dropped.Contains(name) || HasDroppedPrefix(name);

    public static void CopyRequest(HttpRequest from, HttpRequestMessage to)
    {
        var named = NamedByConnection(from);
        foreach (var (name, values) in from.Headers)
        {
            if (IsOurs(name) || named.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;
            // The client refuses to send others (RFC 9110, 5.5), which would look like the endpoint's failure.
            if (values.Any(v => !Ascii.IsValid(v)))
                continue;
            if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    public static void CopyResponse(HttpResponseMessage from, HttpResponse to)
    {
        foreach (var name in Returned)
        {
            if (from.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values))
                to.Headers[name] = values.ToString();
        }
        to.ContentType = from.Content.Headers.NonValidated.TryGetValues("content-type", out var type) ? type.ToString() : null;
    }

    private static bool HasDroppedPrefix(string name) =>
        Array.Exists(DroppedPrefixes, p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase));

    private static string[] NamedByConnection(HttpRequest request) =>
        request.Headers.Connection.Count == 0
            ? []
            : request.Headers.Connection.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
