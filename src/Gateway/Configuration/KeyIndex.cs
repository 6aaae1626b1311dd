using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Configuration;

/// <summary>
/// All keys by prefix, in <see cref="BucketCount"/> dictionaries that never change: an update copies only the buckets it
/// touches, about a hundred entries each with 100,000 keys.
/// </summary>
internal sealed class KeyIndex
{
    private const int BucketCount = 1024;

    public static readonly KeyIndex Empty = new(new Dictionary<ApiKeyPrefix, KeyRecord>?[BucketCount], 0);

    private readonly Dictionary<ApiKeyPrefix, KeyRecord>?[] _buckets;

    private KeyIndex(Dictionary<ApiKeyPrefix, KeyRecord>?[] buckets, int count)
    {
        _buckets = buckets;
        Count = count;
    }

    public int Count { get; }

    public KeyRecord? Find(ApiKeyPrefix prefix) => _buckets[BucketOf(prefix)]?.GetValueOrDefault(prefix);

    private static int BucketOf(ApiKeyPrefix prefix) => prefix.GetHashCode() & (BucketCount - 1);

    /// <summary>Collects changes to an index; for one thread.</summary>
    internal sealed class Builder(KeyIndex before)
    {
        private readonly Dictionary<ApiKeyPrefix, KeyRecord>?[] _buckets = [.. before._buckets];
        private readonly bool[] _owned = new bool[BucketCount];
        private int _count = before.Count;

        /// <summary>Puts a shard's keys in place of those it had. Entries that did not change are shared.</summary>
        public void Replace(TenantId tenant, string shard, IReadOnlyList<ApiKeyEntry> before, IReadOnlyList<ApiKeyEntry> after)
        {
            if (before.Count > 0)
            {
                var staying = after.Select(e => e.Prefix).ToHashSet();
                foreach (var entry in before)
                {
                    if (!staying.Contains(entry.Prefix))
                        Remove(shard, entry);
                }
            }
            foreach (var entry in after)
            {
                if (Find(entry.Prefix)?.Matches(shard, entry) != true)
                    Put(new(tenant, shard, entry));
            }
        }

        public KeyIndex Build() => new(_buckets, _count);

        private KeyRecord? Find(ApiKeyPrefix prefix) => _buckets[BucketOf(prefix)]?.GetValueOrDefault(prefix);

        private void Put(KeyRecord key)
        {
            var bucket = Own(BucketOf(key.Entry.Prefix));
            _count += bucket.ContainsKey(key.Entry.Prefix) ? 0 : 1;
            bucket[key.Entry.Prefix] = key;
        }

        /// <summary>Removes a key, unless another shard has taken it over meanwhile.</summary>
        private void Remove(string shard, ApiKeyEntry entry)
        {
            if (Find(entry.Prefix)?.Matches(shard, entry) == true && Own(BucketOf(entry.Prefix)).Remove(entry.Prefix))
                _count--;
        }

        private Dictionary<ApiKeyPrefix, KeyRecord> Own(int bucket)
        {
            if (!_owned[bucket])
            {
                _buckets[bucket] = _buckets[bucket] is { } shared ? new(shared) : [];
                _owned[bucket] = true;
            }
            return _buckets[bucket]!;
        }
    }
}
