using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>GET /api/v1/tenants/{id}/usage?from&amp;to&amp;bucket=hour|day: totals of the ledger.</summary>
/// <param name="From">Inclusive, UTC.</param>
/// <param name="To">Exclusive, UTC.</param>
public sealed record UsageAnswer(DateTimeOffset From, DateTimeOffset To, string Bucket, UsageTotals Total, IReadOnlyList<UsageRow> Rows);

public sealed record UsageRow(DateTimeOffset Start, ProjectId ProjectId, ApiKeyId? ApiKeyId, string Model, UsageTotals Totals);

/// <param name="InputTokens">Cached ones included.</param>
/// <param name="OutputTokens">Reasoning tokens included.</param>
/// <param name="AudioTokens">Of the input and of the output together.</param>
/// <param name="OutputAudioTokens">The part of the audio tokens that is output.</param>
/// <param name="Images">Images that were made.</param>
/// <param name="AudioSeconds">Seconds of audio that were written down.</param>
/// <param name="Characters">Characters of text that were spoken.</param>
/// <param name="CachedAnswers">Requests that were answered from an agent's cache. Nothing was counted for them: they are in no other sum of units.</param>
/// <param name="Errors">Requests whose status was 400 or above.</param>
public sealed record UsageTotals(
    long Requests,
    long Errors,
    long InputTokens,
    long CachedInputTokens,
    long OutputTokens,
    long ReasoningTokens,
    long CacheWriteTokens = 0,
    long AudioTokens = 0,
    long OutputAudioTokens = 0,
    long Images = 0,
    double AudioSeconds = 0,
    long Characters = 0,
    long CachedAnswers = 0);
