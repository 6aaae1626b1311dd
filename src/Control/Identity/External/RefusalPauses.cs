namespace Platform.Control.Identity.External;

/// <summary>Refused sign-ins by providers: of one provider and reason one a minute is a row, which counts those before it. Bounded.</summary>
internal sealed class RefusalPauses(TimeProvider time)
{
    private const int Most = 10_000;

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(Guid Provider, string Reason), (long RowAt, int Waiting)> _last = [];
    private readonly Lock _lock = new();

    /// <returns>For how many a row is due; null for none now.</returns>
    public int? Add(Guid provider, string reason)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            var known = _last.TryGetValue((provider, reason), out var last);
            if (known && time.GetElapsedTime(last.RowAt, now) < Quiet)
            {
                _last[(provider, reason)] = last with { Waiting = last.Waiting + 1 };
                return null;
            }
            if (!known && _last.Count >= Most)
                Forget(now);
            _last[(provider, reason)] = (now, 0);
            return 1 + last.Waiting;
        }
    }

    private void Forget(long now)
    {
        foreach (var key in _last.Where(l => time.GetElapsedTime(l.Value.RowAt, now) >= Quiet).Select(l => l.Key).ToList())
            _last.Remove(key);
        if (_last.Count >= Most)
            _last.Clear();
    }
}
