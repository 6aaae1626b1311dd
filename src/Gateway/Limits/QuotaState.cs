using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Limits;

/// <summary>
/// What has been used of one quota. Everything is counted, also what has no limit at the moment, so that a limit that comes
/// or changes finds what was used before. A request gets of each kind or of none.
/// </summary>
internal sealed class QuotaState(TenantId tenant)
{
    /// <summary>An hour: a request that used much more than anybody foresaw does not lock its key out for days.</summary>
    private const int MaxMinutesOfDebt = 60;

    private const int MaxDaysOfDebt = 7;

    private readonly Lock _change = new();
    private Window _minuteRequests;
    private Window _dayRequests;
    private Window _minuteTokens;
    private Window _dayTokens;
    private int _running; // goes up within the lock alone, and down anywhere
    private bool _isGone;

    public TenantId Tenant => tenant;

    /// <summary>Null where it was taken.</summary>
    /// <param name="share">What this agent may give out.</param>
    /// <param name="isGone">Nothing was done: the state was swept, and there may be another one.</param>
    public QuotaRefusal? Take(ref Hold hold, QuotaSpec share, TokenAsk ask, DateTimeOffset now, out bool isGone)
    {
        lock (_change)
        {
            isGone = _isGone;
            if (isGone)
                return null;
            Roll(hold.Quota.Limits, now);
            if (Refusal(hold.Quota, share, ask, now) is { } refusal)
                return refusal;
            hold.MinuteTokens = Math.Min(ask.Most, _minuteTokens.Left(share.TokensPerMinute));
            hold.DayTokens = Math.Min(ask.Most, _dayTokens.Left(share.TokensPerDay));
            (hold.Minute, hold.Day) = (_minuteTokens.Index, _dayTokens.Index);
            _minuteRequests.Take(1);
            _dayRequests.Take(1);
            _minuteTokens.Take(hold.MinuteTokens);
            _dayTokens.Take(hold.DayTokens);
            Interlocked.Increment(ref _running);
            return null;
        }
    }

    /// <summary>Puts what was used in the place of what was reserved.</summary>
    public void Settle(ref Hold hold, long tokens, DateTimeOffset now)
    {
        var limits = hold.Quota.Limits;
        lock (_change)
        {
            Roll(limits, now);
            Correct(ref _minuteTokens, hold.Minute, hold.MinuteTokens, tokens, limits.TokensPerMinute, MaxMinutesOfDebt);
            Correct(ref _dayTokens, hold.Day, hold.DayTokens, tokens, limits.TokensPerDay, MaxDaysOfDebt);
        }
    }

    /// <summary>The request is over.</summary>
    /// <param name="refund">As if it had never been.</param>
    public void End(ref Hold hold, bool refund)
    {
        Interlocked.Decrement(ref _running);
        if (!refund)
            return;
        lock (_change)
        {
            _minuteRequests.Return(hold.Minute, 1);
            _dayRequests.Return(hold.Day, 1);
            _minuteTokens.Return(hold.Minute, hold.MinuteTokens);
            _dayTokens.Return(hold.Day, hold.DayTokens);
        }
    }

    /// <summary>By the minute, or by the day where only that has a limit; null where neither has.</summary>
    public (Standing? Requests, Standing? Tokens) Stand(QuotaSpec limits, DateTimeOffset now)
    {
        lock (_change)
        {
            Roll(limits, now);
            return (
                StandingOf(in _minuteRequests, limits.RequestsPerMinute, in _dayRequests, limits.RequestsPerDay),
                StandingOf(in _minuteTokens, limits.TokensPerMinute, in _dayTokens, limits.TokensPerDay));
        }
    }

    /// <summary>True where nothing of it has to be remembered; then it is never used again.</summary>
    /// <param name="quota">Null where there is no such quota any more.</param>
    public bool TryRetire(QuotaEntry? quota, DateTimeOffset now)
    {
        lock (_change)
        {
            if (Volatile.Read(ref _running) > 0)
                return false;
            if (quota is null)
                return _isGone = _minuteTokens.Index < WindowTimes.MinuteOf(now);
            Roll(quota.Limits, now);
            return _isGone = _minuteRequests.IsUnused && _dayRequests.IsUnused && _minuteTokens.IsUnused && _dayTokens.IsUnused;
        }
    }

    private void Roll(QuotaSpec limits, DateTimeOffset now)
    {
        var (minute, day) = (WindowTimes.MinuteOf(now), WindowTimes.DayOf(now));
        _minuteRequests.Roll(minute, limits.RequestsPerMinute);
        _dayRequests.Roll(day, limits.RequestsPerDay);
        _minuteTokens.Roll(minute, limits.TokensPerMinute);
        _dayTokens.Roll(day, limits.TokensPerDay);
    }

    private QuotaRefusal? Refusal(QuotaEntry quota, QuotaSpec share, TokenAsk ask, DateTimeOffset now)
    {
        var limits = quota.Limits;
        if (share.ConcurrentRequests is { } most && Volatile.Read(ref _running) is var running && running >= most)
            return new(quota, QuotaKind.ConcurrentRequests, limits.ConcurrentRequests ?? most, running, 1, TimeSpan.FromSeconds(1));
        var kind =
            _minuteRequests.Left(share.RequestsPerMinute) < 1 ? QuotaKind.RequestsPerMinute
            : _dayRequests.Left(share.RequestsPerDay) < 1 ? QuotaKind.RequestsPerDay
            : _minuteTokens.Left(share.TokensPerMinute) < ask.Least ? QuotaKind.TokensPerMinute
            : _dayTokens.Left(share.TokensPerDay) < ask.Least ? QuotaKind.TokensPerDay
            : (QuotaKind?)null;
        return kind switch
        {
            QuotaKind.RequestsPerMinute => Of(quota, QuotaKind.RequestsPerMinute, in _minuteRequests, limits.RequestsPerMinute, 1, now),
            QuotaKind.RequestsPerDay => Of(quota, QuotaKind.RequestsPerDay, in _dayRequests, limits.RequestsPerDay, 1, now),
            QuotaKind.TokensPerMinute => Of(quota, QuotaKind.TokensPerMinute, in _minuteTokens, limits.TokensPerMinute, ask.Least, now),
            QuotaKind.TokensPerDay => Of(quota, QuotaKind.TokensPerDay, in _dayTokens, limits.TokensPerDay, ask.Least, now),
            _ => null,
        };
    }

    private static QuotaRefusal Of(QuotaEntry quota, QuotaKind kind, in Window window, long? limit, long requested, DateTimeOffset now)
    {
        var most = limit ?? 0;
        return new(quota, kind, most, window.Used, requested, requested > most ? null : WindowTimes.Until(kind, window, requested, most, now));
    }

    private static void Correct(ref Window window, int index, long reserved, long used, long? limit, int windowsOfDebt)
    {
        if (used < reserved)
            window.Return(index, reserved - used);
        else
            window.Exceed(used - reserved, limit, windowsOfDebt);
    }

    private static Standing? StandingOf(in Window minute, long? perMinute, in Window day, long? perDay) =>
        perMinute is { } m ? new(m, minute.Left(m), WindowTimes.EndOfMinute(minute.Index))
        : perDay is { } d ? new(d, day.Left(d), WindowTimes.EndOfDay(day.Index))
        : null;
}
