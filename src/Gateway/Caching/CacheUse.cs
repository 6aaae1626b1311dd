using System.Collections.Frozen;
using Platform.Contracts.Configuration;
using Platform.Contracts.Usage;
using Platform.Gateway.Configuration;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Caching;

/// <summary>What the cache is to one request.</summary>
/// <param name="Seconds">How old an answer may be; 0 where neither its tenant nor its key has a cache.</param>
/// <param name="Reads">An answer may come from it.</param>
/// <param name="Writes">An answer may go into it.</param>
internal readonly record struct CacheUse(int Seconds, bool Reads, bool Writes)
{
    /// <summary>Those whose answer is text that follows from the request.</summary>
    private static readonly FrozenSet<string> Cacheable = FrozenSet.Create(
        Operations.Chat, Operations.Completion, Operations.Embeddings, Operations.Responses, Operations.Messages,
        Operations.Rerank, Operations.Score, Operations.Moderation);

    public static CacheUse Of(Exchange exchange)
    {
        var seconds = SecondsOf(exchange.Caller.Tenant, exchange.Caller.Key);
        if (seconds == 0)
            return default;
        if (!Cacheable.Contains(exchange.Operation.Name))
            return new(seconds, Reads: false, Writes: false);
        var (reads, writes) = (true, true);
        foreach (var value in exchange.Http.Request.Headers.CacheControl)
        {
            foreach (var directive in (value ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                reads &= !Is(directive, "no-cache") && !Is(directive, "no-store");
                writes &= !Is(directive, "no-store");
            }
        }
        return new(seconds, reads, writes);
    }

    /// <summary>How old an answer may be; 0 for no cache.</summary>
    public static int SecondsOf(TenantModel tenant, KeyRecord key) =>
        tenant.Isolation.KeepsNothing ? 0 : Math.Clamp(key.Entry.CacheSeconds ?? tenant.Traffic.CacheSeconds ?? 0, 0, TrafficSpec.MaxSeconds);

    private static bool Is(string directive, string name) => directive.Equals(name, StringComparison.OrdinalIgnoreCase);
}
