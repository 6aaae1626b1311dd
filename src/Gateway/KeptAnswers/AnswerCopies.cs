using Platform.Gateway.Caching;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Idempotency;

namespace Platform.Gateway.KeptAnswers;

internal sealed class AnswerCopies(IdempotencySettings idempotency, CacheSettings cache)
{
    private readonly int _maxBytes = Math.Max(idempotency.MaxAnswerBytes, cache.MaxAnswerBytes);

    public AnswerCopy New(Exchange exchange, bool isAwaited = false) => new(exchange.Buffers, _maxBytes) { IsAwaited = isAwaited };

    /// <summary>One that tells how the request ended, and nothing of what it said.</summary>
    public static AnswerCopy NewWithoutContent(Exchange exchange) => new(exchange.Buffers, 0);
}
