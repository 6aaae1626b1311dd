using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>Sums of usage records by bucket, project, key and model; written in the transaction that stored the records.</summary>
internal abstract class UsageTotalsRow
{
    public TenantId TenantId { get; init; }

    public ProjectId ProjectId { get; init; }

    /// <summary>The zero UUID where a request had no key.</summary>
    public ApiKeyId ApiKeyId { get; init; }

    /// <summary>The model asked for.</summary>
    public required string Model { get; init; }

    public long Requests { get; set; }

    /// <summary>Requests whose status was 400 or above.</summary>
    public long Errors { get; set; }

    public long InputTokens { get; set; }

    public long CachedInputTokens { get; set; }

    public long CacheWriteTokens { get; set; }

    public long OutputTokens { get; set; }

    public long ReasoningTokens { get; set; }

    public long AudioTokens { get; set; }

    public long OutputAudioTokens { get; set; }

    public long Images { get; set; }

    public double AudioSeconds { get; set; }

    public long Characters { get; set; }

    /// <summary>Requests that were answered from a cache; what they say of units is in no other sum.</summary>
    public long CachedAnswers { get; set; }
}

/// <summary>Totals of one hour, UTC.</summary>
internal sealed class UsageHourRow : UsageTotalsRow
{
    public DateTimeOffset Hour { get; init; }
}

/// <summary>Totals of one day, UTC.</summary>
internal sealed class UsageDayRow : UsageTotalsRow
{
    public DateOnly Day { get; init; }
}
