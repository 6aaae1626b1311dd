using System.Collections.Frozen;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Primitives;

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

    /// <param name="isKept">Whether a header goes there that is not ours.</param>
    public static void CopyRequest(HttpRequest from, HttpRequestMessage to, Func<string, bool>? isKept = null)
    {
        var named = NamedByConnection(from);
        foreach (var (name, values) in from.Headers)
        {
            if (IsOurs(name) || isKept?.Invoke(name) == false || (named.Length > 0 && named.Contains(name, StringComparer.OrdinalIgnoreCase)))
                continue;
            // The client refuses to send others (RFC 9110, 5.5), which would look like the endpoint's failure.
            if (!AreAscii(values))
                continue;
            if (values.Count == 1)
                Copy(name, values[0], to);
            else if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
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

    private static void Copy(string name, string? value, HttpRequestMessage to)
    {
        if (!to.Headers.TryAddWithoutValidation(name, value))
            to.Content?.Headers.TryAddWithoutValidation(name, value);
    }

    private static bool AreAscii(StringValues values)
    {
        foreach (var value in values)
        {
            if (!Ascii.IsValid(value))
                return false;
        }
        return true;
    }

    private static bool HasDroppedPrefix(string name)
    {
        foreach (var prefix in DroppedPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static string[] NamedByConnection(HttpRequest request) =>
        request.Headers.Connection.Count == 0
            ? []
            : request.Headers.Connection.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
