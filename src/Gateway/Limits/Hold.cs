using Platform.Contracts.Configuration;

namespace Platform.Gateway.Limits;

/// <summary>What one request has reserved of one quota.</summary>
internal struct Hold(QuotaEntry quota, QuotaState state)
{
    public readonly QuotaEntry Quota => quota;

    public QuotaState State { get; set; } = state;

    /// <summary>The windows that it was reserved in.</summary>
    public int Minute { get; set; }

    public int Day { get; set; }

    public long MinuteTokens { get; set; }

    public long DayTokens { get; set; }
}

/// <summary>What a request would like to reserve in tokens.</summary>
/// <param name="Output">An estimate, where the caller named no bound itself.</param>
/// <param name="IsBounded">The caller named a bound of the output: less will not do. Else it is given what is left, if that is enough for the prompt.</param>
internal readonly record struct TokenAsk(long Prompt, long Output, bool IsBounded)
{
    public long Most => Prompt + Output;

    public long Least => IsBounded ? Most : Prompt;
}

internal enum QuotaKind
{
    RequestsPerMinute,
    RequestsPerDay,
    TokensPerMinute,
    TokensPerDay,
    ConcurrentRequests,
}

/// <summary>Why a request gets nothing of a quota.</summary>
/// <param name="Wait">Until there would be enough, if nobody else took it; null where that is never.</param>
internal sealed record QuotaRefusal(QuotaEntry Quota, QuotaKind Kind, long Limit, long Used, long Requested, TimeSpan? Wait);

/// <summary>How a quota stands: what callers are told of it.</summary>
internal readonly record struct Standing(long Limit, long Remaining, DateTimeOffset End)
{
    /// <summary>Whether less of it is left, in shares.</summary>
    public bool IsTighterThan(Standing other) => (double)Remaining * other.Limit < (double)other.Remaining * Limit;
}
