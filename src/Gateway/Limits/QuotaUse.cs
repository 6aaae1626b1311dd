using System.Runtime.CompilerServices;
using Platform.Contracts.Configuration;
using Platform.Contracts.Usage;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Limits;

/// <summary>
/// The quotas that hold for one request, and what it has reserved of them: of all, or of none. Belongs to one flow of
/// control, and is to be ended when the request is over, however it ends.
/// </summary>
internal sealed class QuotaUse(Quotas quotas, Exchange exchange)
{
    private FirstHolds _first;
    private Hold[]? _more;

    /// <summary>So many of the holds hold something.</summary>
    private int _taken;

    private bool _isSettled;

    public int Count { get; private set; }

    public void Add(QuotaEntry quota, QuotaState state)
    {
        if (Count >= FirstHolds.Length)
        {
            _more ??= new Hold[FirstHolds.Length];
            if (Count - FirstHolds.Length == _more.Length)
                Array.Resize(ref _more, 2 * _more.Length);
        }
        Count++;
        At(Count - 1) = new(quota, state);
    }

    /// <summary>Null where it was reserved.</summary>
    public ValueTask<QuotaRefusal?> ReserveAsync(IQuotaWindows windows, TokenAsk ask)
    {
        var now = quotas.Now;
        while (_taken < Count)
        {
            var share = windows.ShareAsync(At(_taken).Quota, ask.Most, now);
            if (!share.IsCompletedSuccessfully)
                return WaitAsync(windows, ask, share);
            if (TakeNext(share.Result, ask, now) is { } refusal)
                return new(refusal);
        }
        return default;
    }

    private async ValueTask<QuotaRefusal?> WaitAsync(IQuotaWindows windows, TokenAsk ask, ValueTask<QuotaSpec> waited)
    {
        try
        {
            var share = await waited;
            while (true)
            {
                var refusal = TakeNext(share, ask, quotas.Now);
                if (refusal is not null || _taken == Count)
                    return refusal;
                share = await windows.ShareAsync(At(_taken).Quota, ask.Most, quotas.Now);
            }
        }
        catch
        {
            Release(refund: true);
            throw;
        }
    }

    /// <summary>The request's record is durable: what it says is what was used.</summary>
    public void Settle(UsageRecord record)
    {
        if (_isSettled)
            return;
        _isSettled = true;
        var now = quotas.Now;
        for (var i = 0; i < _taken; i++)
            At(i).State.Settle(ref At(i), record.Cached ? 0 : record.InputTokens + record.OutputTokens, now);
        if (record is { Cached: false, ErrorCode: null })
            quotas.Learn(exchange, record.OutputTokens);
    }

    /// <summary>The request is over. What nobody counted stays reserved if anything was sent upstream; if not, nothing was used.</summary>
    public void End() => Release(refund: !_isSettled && !exchange.WasSent);

    /// <summary>The tightest of those that limit requests, and of those that limit tokens.</summary>
    public (Standing? Requests, Standing? Tokens) Stand(DateTimeOffset now)
    {
        Standing? requests = null, tokens = null;
        for (var i = 0; i < Count; i++)
        {
            var (r, t) = At(i).State.Stand(At(i).Quota.Limits, now);
            requests = Tightest(requests, r);
            tokens = Tightest(tokens, t);
        }
        return (requests, tokens);
    }

    private QuotaRefusal? TakeNext(QuotaSpec share, TokenAsk ask, DateTimeOffset now)
    {
        ref var hold = ref At(_taken);
        var refusal = hold.State.Take(ref hold, share, ask, now, out var isGone);
        while (isGone)
        {
            hold.State = quotas.StateOf(exchange, hold.Quota);
            refusal = hold.State.Take(ref hold, share, ask, now, out isGone);
        }
        if (refusal is null)
            _taken++;
        else
            Release(refund: true);
        return refusal;
    }

    private void Release(bool refund)
    {
        for (var i = 0; i < _taken; i++)
            At(i).State.End(ref At(i), refund);
        _taken = 0;
    }

    private static Standing? Tightest(Standing? one, Standing? other) =>
        one is not { } a ? other : other is { } b && b.IsTighterThan(a) ? other : one;

    private ref Hold At(int index) => ref index < FirstHolds.Length ? ref _first[index] : ref _more![index - FirstHolds.Length];

    /// <summary>As many as most requests have: no further object is needed for them.</summary>
    [InlineArray(FirstHolds.Length)]
    private struct FirstHolds
    {
        public const int Length = 4;

        private Hold _hold;
    }
}
