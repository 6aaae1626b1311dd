using Platform.Gateway.Caching;
using Platform.Gateway.Idempotency;
using Platform.Gateway.Requests;

namespace Platform.Gateway.KeptAnswers;

internal sealed class AnswerCopies(BufferBudget budget, IdempotencySettings idempotency, CacheSettings cache)
{
    private readonly int _maxBytes = Math.Max(idempotency.MaxAnswerBytes, cache.MaxAnswerBytes);

    public AnswerCopy New(bool isAwaited = false) => new(budget, _maxBytes) { IsAwaited = isAwaited };

    /// <summary>One that tells how the request ended, and nothing of what it said.</summary>
    public AnswerCopy NewWithoutContent() => new(budget, 0);
}
