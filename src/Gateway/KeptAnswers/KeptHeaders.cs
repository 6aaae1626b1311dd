using System.Collections.Frozen;
using Platform.Gateway.Errors;

namespace Platform.Gateway.KeptAnswers;

/// <summary>Names of headers that are about kept answers, and which headers of an answer are kept with it.</summary>
internal static class KeptHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Replayed = "idempotent-replayed";
    public const string OriginalRequest = "x-gateway-original-request-id";
    public const string Idempotency = "x-gateway-idempotency";
    public const string Cache = "x-gateway-cache";

    /// <summary>What belongs to one request, its connection, its moment, or to whoever asks.</summary>
    private static readonly FrozenSet<string> Fleeting = new[]
    {
        Arrival.Header, Replayed, OriginalRequest, Idempotency, Cache, "age", "connection", "keep-alive", "transfer-encoding", "content-length",
        "date", "server", "alt-svc", "set-cookie", "vary", "retry-after", "retry-after-ms",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] FleetingPrefixes = ["access-control-", "x-ratelimit-", "anthropic-ratelimit-"];

    public static List<KeyValuePair<string, string>> Of(HttpResponse answer)
    {
        var kept = new List<KeyValuePair<string, string>>(answer.Headers.Count);
        foreach (var (name, values) in answer.Headers)
        {
            if (!Fleeting.Contains(name) && !Array.Exists(FleetingPrefixes, p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
                kept.Add(new(name, values.ToString()));
        }
        return kept;
    }

    /// <summary>Puts a header on whatever the answer will be: a try that fails takes back what it prepared.</summary>
    public static void Mark(HttpResponse answer, string name, string value) => answer.OnStarting(
        static state =>
        {
            var (response, header, text) = ((HttpResponse, string, string))state;
            response.Headers[header] = text;
            return Task.CompletedTask;
        },
        (answer, name, value));
}
