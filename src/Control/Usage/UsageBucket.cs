using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Usage;

/// <summary>The two grains of the totals.</summary>
internal sealed class UsageBucket
{
    public const int MaxRows = 50_000;

    private static readonly UsageBucket Hour = new(TimeSpan.FromHours(1), TimeSpan.FromDays(35), HoursAsync);
    private static readonly UsageBucket Day = new(TimeSpan.FromDays(1), UsagePeriod.MaxLength, DaysAsync);

    private readonly TimeSpan _length;
    private readonly Func<ControlDb, TenantId, UsagePeriod, CancellationToken, Task<List<UsageRow>>> _read;

    private UsageBucket(TimeSpan length, TimeSpan maxPeriod, Func<ControlDb, TenantId, UsagePeriod, CancellationToken, Task<List<UsageRow>>> read)
    {
        _length = length;
        MaxPeriod = maxPeriod;
        _read = read;
    }

    public TimeSpan MaxPeriod { get; }

    public static UsageBucket? TryParse(string text) => text switch { "hour" => Hour, "day" => Day, _ => null };

    /// <summary>Down to the start of the first bucket and up to the end of the last.</summary>
    public UsagePeriod Widen(UsagePeriod period)
    {
        var from = period.From.UtcTicks / _length.Ticks * _length.Ticks;
        var to = (period.To.UtcTicks + _length.Ticks - 1) / _length.Ticks * _length.Ticks;
        return new(new(from, TimeSpan.Zero), new(to, TimeSpan.Zero));
    }

    /// <summary>In the order of time; one more than <see cref="MaxRows"/> when there are more.</summary>
    public Task<List<UsageRow>> ReadAsync(ControlDb db, TenantId tenant, UsagePeriod period, CancellationToken ct) => _read(db, tenant, period, ct);

    public static UsageTotals Total(IEnumerable<UsageRow> rows) => rows.Select(r => r.Totals).Aggregate(
        new UsageTotals(0, 0, 0, 0, 0, 0),
        (sum, t) => new(
            sum.Requests + t.Requests,
            sum.Errors + t.Errors,
            sum.InputTokens + t.InputTokens,
            sum.CachedInputTokens + t.CachedInputTokens,
            sum.OutputTokens + t.OutputTokens,
            sum.ReasoningTokens + t.ReasoningTokens,
            sum.CacheWriteTokens + t.CacheWriteTokens,
            sum.AudioTokens + t.AudioTokens,
            sum.OutputAudioTokens + t.OutputAudioTokens,
            sum.Images + t.Images,
            sum.AudioSeconds + t.AudioSeconds,
            sum.Characters + t.Characters,
            sum.CachedAnswers + t.CachedAnswers));

    private static async Task<List<UsageRow>> HoursAsync(ControlDb db, TenantId tenant, UsagePeriod period, CancellationToken ct)
    {
        var rows = await db.UsageHours.AsNoTracking()
            .Where(t => t.TenantId == tenant && t.Hour >= period.From && t.Hour < period.To)
            .OrderBy(t => t.Hour).ThenBy(t => t.ProjectId).ThenBy(t => t.ApiKeyId).ThenBy(t => t.Model)
            .Take(MaxRows + 1).ToListAsync(ct);
        return rows.ConvertAll(t => Row(t, t.Hour));
    }

    private static async Task<List<UsageRow>> DaysAsync(ControlDb db, TenantId tenant, UsagePeriod period, CancellationToken ct)
    {
        var (from, to) = (DateOnly.FromDateTime(period.From.UtcDateTime), DateOnly.FromDateTime(period.To.UtcDateTime));
        var rows = await db.UsageDays.AsNoTracking()
            .Where(t => t.TenantId == tenant && t.Day >= from && t.Day < to)
            .OrderBy(t => t.Day).ThenBy(t => t.ProjectId).ThenBy(t => t.ApiKeyId).ThenBy(t => t.Model)
            .Take(MaxRows + 1).ToListAsync(ct);
        return rows.ConvertAll(t => Row(t, new(t.Day, TimeOnly.MinValue, TimeSpan.Zero)));
    }

    private static UsageRow Row(UsageTotalsRow t, DateTimeOffset start) => new(
        start,
        t.ProjectId,
        t.ApiKeyId.Value == Guid.Empty ? null : t.ApiKeyId,
        t.Model,
        new(
            t.Requests,
            t.Errors,
            t.InputTokens,
            t.CachedInputTokens,
            t.OutputTokens,
            t.ReasoningTokens,
            t.CacheWriteTokens,
            t.AudioTokens,
            t.OutputAudioTokens,
            t.Images,
            t.AudioSeconds,
            t.Characters,
            t.CachedAnswers));
}
