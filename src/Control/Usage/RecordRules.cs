using System.Collections.Frozen;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;

namespace Platform.Control.Usage;

/// <summary>
/// What a record must be to enter the ledger, whoever signed it. The bounds are far beyond anything real: they keep out
/// what would make partitions for absurd days or overflow sums.
/// </summary>
internal static class RecordRules
{
    public const long MaxSequence = 1_000_000_000_000_000;
    private const int MaxText = 200;
    private const double MaxMilliseconds = 7 * 24 * 3_600_000d;

    /// <summary>A record may wait in a journal for long; older than this it is a wrong clock.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(366);
    private static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    private static readonly FrozenSet<string> Sources =
        FrozenSet.Create(UsageSources.Provider, UsageSources.Partial, UsageSources.Estimated);

    /// <summary>Why the record can never be stored, or null.</summary>
    public static string? Fault(UsageRecord record, AgentId sender, DateTimeOffset now) =>
        record switch
        {
            _ when record.AgentId != sender => "agent_is_not_sender",
            _ when record.Id.Value == Guid.Empty => "id_empty",
            { Sequence: < 1 or > MaxSequence } => "sequence_out_of_range",
            _ when record.StartedAt < now - MaxAge || record.StartedAt > now + MaxAhead => "time_out_of_range",
            { Status: < 100 or > 599 } => "status_out_of_range",
            { Tries: < 0 or > 1000 } => "tries_out_of_range",
            { ConfigRevision: < 0 } => "revision_out_of_range",
            _ when !Sources.Contains(record.UsageSource) => "usage_source_unknown",
            _ => TokenFault(record) ?? UnitFault(record) ?? TimingFault(record) ?? TextFault(record) ?? AttemptFault(record),
        };

    private static string? TokenFault(UsageRecord r)
    {
        long[] counts = [r.InputTokens, r.CachedInputTokens, r.CacheWriteTokens, r.OutputTokens, r.ReasoningTokens, r.AudioTokens, r.OutputAudioTokens];
        if (counts.Any(c => c is < 0 or > UsageRecord.MaxTokens))
            return "tokens_out_of_range";
        return r.CachedInputTokens + r.CacheWriteTokens > r.InputTokens || r.ReasoningTokens > r.OutputTokens || r.OutputAudioTokens > r.AudioTokens
            ? "tokens_part_exceeds_whole"
            : null;
    }

    private static string? UnitFault(UsageRecord r) =>
        r.Images is < 0 or > UsageRecord.MaxTokens || r.Characters is < 0 or > UsageRecord.MaxTokens
            || !double.IsFinite(r.AudioSeconds) || r.AudioSeconds is < 0 or > UsageRecord.MaxAudioSeconds
            ? "units_out_of_range"
            : null;

    private static string? TimingFault(UsageRecord r) =>
        Impossible(r.QueueMs) || Impossible(r.TotalMs) || Impossible(r.FirstTokenMs ?? 0) ? "duration_out_of_range" : null;

    private static bool Impossible(double ms) => !double.IsFinite(ms) || ms is < 0 or > MaxMilliseconds;

    private static string? TextFault(UsageRecord r)
    {
        if (Missing(r.ModelAsked) || Missing(r.ModelServed) || Missing(r.Operation))
            return "text_missing";
        string?[] texts = [r.ModelAsked, r.ModelServed, r.Operation, r.ErrorCode, r.FinishReason];
        return texts.Any(Unstorable) ? "text_not_storable" : null;
    }

    /// <summary>JSON can have null among them.</summary>
    private static string? AttemptFault(UsageRecord r)
    {
        if (r.Attempts is not { } attempts)
            return null;
        if (attempts.Count > UsageRecord.MaxAttempts)
            return "attempts_too_many";
        return attempts.Any(a => a is null || Impossible(a.Ms) || Unstorable(a.ErrorCode)
            || a.InputTokens is < 0 or > UsageRecord.MaxTokens || a.OutputTokens is < 0 or > UsageRecord.MaxTokens)
            ? "attempt_out_of_range"
            : null;
    }

    private static bool Missing(string? text) => string.IsNullOrEmpty(text);

    /// <summary>PostgreSQL's text holds no NUL.</summary>
    private static bool Unstorable(string? text) => text is not null && (text.Length > MaxText || text.Contains('\0'));
}
