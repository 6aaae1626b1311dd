using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.KeptAnswers;

namespace Platform.Gateway.Caching;

/// <summary>Whose cache it is.</summary>
internal readonly record struct CacheOwner(TenantId Tenant, ApiKeyPrefix Prefix, ApiKeyId Key);

/// <summary>An answer with the record of the request that it was made for.</summary>
internal sealed class CachedAnswer(Digest key, CacheOwner owner, KeptAnswer kept, UsageRecord record, long storedAt, TimeSpan time) : Held(owner.Tenant)
{
    /// <summary>About what a record takes.</summary>
    private const int RecordSize = 800;

    public Digest Key => key;

    public CacheOwner Owner => owner;

    public KeptAnswer Kept => kept;

    public UsageRecord Record => record;

    /// <summary>Timestamp.</summary>
    public long StoredAt => storedAt;

    /// <summary>How long it may be given.</summary>
    public TimeSpan Time => time;

    public long Size => kept.Size + RecordSize;
}

/// <summary>Cached answers, in memory. Where they take too much, those go first of whoever has most that were not asked for the longest.</summary>
internal sealed class ResponseCache(CacheSettings settings, KeptMetrics metrics, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, CachedAnswer> _known = [];
    private readonly TenantShares _shares = new(settings.MaxBytes, settings.MaxTenantBytes, settings.MaxEntries);

    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count;
        }
    }

    public long Bytes
    {
        get
        {
            lock (_lock)
                return _shares.Bytes;
        }
    }

    /// <param name="most">The age up to which it may be given.</param>
    public CachedAnswer? Find(Digest key, TimeSpan most)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(key, out var found))
                return null;
            if (IsOver(found) || AgeOf(found) >= most)
            {
                Remove(found);
                return null;
            }
            TenantShares.Touch(found);
            return found;
        }
    }

    public TimeSpan AgeOf(CachedAnswer answer) => time.GetElapsedTime(answer.StoredAt);

    /// <summary>In place of the one that was there.</summary>
    public void Put(Digest key, CacheOwner owner, KeptAnswer kept, UsageRecord record, TimeSpan most)
    {
        if (kept.Size > settings.MaxAnswerBytes)
            return;
        var answer = new CachedAnswer(key, owner, kept, record, time.GetTimestamp(), most);
        lock (_lock)
        {
            if (_known.TryGetValue(key, out var old))
                Remove(old);
            _known.Add(key, answer);
            _shares.Add(answer, answer.Size);
            while (_shares.Excess(owner.Tenant) is CachedAnswer excess)
            {
                Remove(excess);
                metrics.Dropped(KeptMetrics.Cache);
            }
        }
    }

    /// <summary>Drops what is over.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            foreach (var answer in _known.Values.Where(IsOver).ToList())
                Remove(answer);
        }
    }

    /// <summary>Drops the answers of which none may be given any more.</summary>
    /// <param name="tenants">Those whose answers are looked at.</param>
    public void Forget(Func<TenantId, bool> tenants, Func<CacheOwner, bool> keeps)
    {
        lock (_lock)
        {
            foreach (var answer in _shares.Of(tenants).SelectMany(t => t.Cast<CachedAnswer>()).Where(a => !keeps(a.Owner)))
                Remove(answer);
        }
    }

    private bool IsOver(CachedAnswer answer) => AgeOf(answer) >= answer.Time;

    private void Remove(CachedAnswer answer)
    {
        _known.Remove(answer.Key);
        _shares.Remove(answer);
    }
}
