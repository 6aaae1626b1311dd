using System.Globalization;
using Platform.Contracts.Usage;
using Platform.Gateway.Authentication;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.KeptAnswers;

namespace Platform.Gateway.Caching;

/// <summary>Answers from the cache where the caller has one and it holds the answer; else an endpoint does, and the cache keeps it.</summary>
internal sealed class CacheGate(
    ResponseCache cache, AnswerCopies copies, KeptWriter writer, UsageMeter meter, Dispatcher dispatcher, KeptMetrics metrics)
{
    public Task AnswerAsync(Exchange exchange)
    {
        var use = CacheUse.Of(exchange);
        if (use.Seconds == 0)
            return dispatcher.DispatchAsync(exchange);
        if (use is { Reads: false, Writes: false })
        {
            Mark(exchange, "off");
            return dispatcher.DispatchAsync(exchange);
        }
        return AnswerAsync(exchange, use, CacheKey.Of(exchange));
    }

    private async Task AnswerAsync(Exchange exchange, CacheUse use, Digest key)
    {
        var most = TimeSpan.FromSeconds(use.Seconds);
        if (use.Reads && cache.Find(key, most) is { } found)
        {
            await GiveAsync(exchange, found);
            return;
        }
        Mark(exchange, "miss");
        using var mine = exchange.Copy is null ? copies.New(exchange) : null;
        var copy = exchange.Copy ??= mine!;
        copy.WhenFinal(() =>
        {
            if (copy.Record is { Status: StatusCodes.Status200OK, ErrorCode: null, UsageSource: UsageSources.Provider } record && copy.ToKept(exchange) is { } kept)
                cache.Put(key, OwnerOf(exchange.Caller), kept, record, most);
        });
        await dispatcher.DispatchAsync(exchange);
        copy.Settle();
    }

    /// <summary>Its record is durable before the answer goes, as any other's.</summary>
    private async Task GiveAsync(Exchange exchange, CachedAnswer found)
    {
        if (!await meter.TryCommitCachedAsync(exchange, found.Record))
        {
            await ApiErrorWriter.WriteAsync(exchange.Http, ApiErrors.JournalFailed);
            return;
        }
        Mark(exchange, "hit");
        exchange.Copy?.Given = found.Kept;
        exchange.Http.Response.Headers.Age = ((long)cache.AgeOf(found).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await writer.WriteAsync(exchange, found.Kept);
    }

    private static CacheOwner OwnerOf(Caller caller) => new(caller.Tenant.Id, caller.Key.Entry.Prefix, caller.KeyId);

    private void Mark(Exchange exchange, string result)
    {
        metrics.Found(KeptMetrics.Cache, result);
        KeptHeaders.Mark(exchange.Http.Response, KeptHeaders.Cache, result);
    }
}
