using System.Collections.Frozen;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Caching;

/// <summary>A request's headers that an engine may answer by: all that reach it, but those that say who asks, or how it is traced.</summary>
internal static class CacheHeaders
{
    private static readonly FrozenSet<string> Neutral = new[]
    {
        "user-agent", "cache-control", "pragma", "origin", "referer", "priority", "dnt", "date", "x-requested-with", "upgrade-insecure-requests",
        "request-id", "x-client-request-id", "x-correlation-id", "x-trace-id", "x-amzn-trace-id", "x-cloud-trace-context", "b3", "uber-trace-id",
        "sentry-trace", "elastic-apm-traceparent", "newrelic", "cf-ray", "cdn-loop",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] NeutralPrefixes = ["x-stainless-", "sec-", "x-b3-", "x-datadog-"];

    /// <summary>Names in small letters, each followed by its value, in an order of their own.</summary>
    public static IEnumerable<string> Of(IHeaderDictionary headers) => headers
        .Where(h => !HeaderPolicy.IsOurs(h.Key) && !IsNeutral(h.Key))
        .Select(h => (Name: h.Key.ToLowerInvariant(), Value: h.Value.ToString()))
        .OrderBy(h => h.Name, StringComparer.Ordinal)
        .SelectMany(h => (string[])[h.Name, h.Value]);

    private static bool IsNeutral(string name) =>
        Neutral.Contains(name) || Array.Exists(NeutralPrefixes, p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase));
}
