using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>GET /api/v1/tenants/{id}/usage?from&amp;to&amp;bucket=hour|day: totals of the ledger.</summary>
/// <param name="From">Inclusive, UTC.</param>
/// <param name="To">Exclusive, UTC.</param>
public sealed record UsageAnswer(DateTimeOffset From, DateTimeOffset To, string Bucket, UsageTotals Total, IReadOnlyList<UsageRow> Rows);

public sealed record UsageRow(DateTimeOffset Start, ProjectId ProjectId, ApiKeyId? ApiKeyId, string Model, UsageTotals Totals);

/// <param name="InputTokens">Cached ones included.</param>
/// <param name="OutputTokens">Reasoning tokens included.</param>
/// <param name="Errors">Requests whose status was 400 or above.</param>
public sealed record UsageTotals(
    long Requests,
    long Errors,
    long InputTokens,
    long CachedInputTokens,
    long OutputTokens,
    long ReasoningTokens);
