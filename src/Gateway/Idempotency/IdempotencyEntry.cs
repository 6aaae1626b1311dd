using Platform.Gateway.KeptAnswers;

namespace Platform.Gateway.Idempotency;

/// <summary>One key that is known; its store's to lock.</summary>
internal sealed class IdempotencyEntry(KeyedRequest request, Guid id) : Held(request.Tenant)
{
    /// <summary>About what it takes, without its answer.</summary>
    public const int Size = 300;

    public KeyedRequest Request => request;

    /// <summary>Of this claim; where two agents ask each other at once, the lower one goes first.</summary>
    public Guid Id => id;

    /// <summary>The other agents have not said yet whether they know it.</summary>
    public bool IsAsking { get; set; } = true;

    public bool IsDone { get; set; }

    /// <summary>Timestamp, once it is done.</summary>
    public long ExpiresAt { get; set; }

    /// <summary>Null where the answer is not there, or not any more.</summary>
    public AnswerOf? Answer { get; set; }

    /// <summary>Its answer takes memory on an account of its own.</summary>
    internal sealed class AnswerOf(IdempotencyEntry entry, KeptAnswer kept) : Held(entry.Tenant)
    {
        public IdempotencyEntry Entry => entry;

        public KeptAnswer Kept => kept;
    }
}
