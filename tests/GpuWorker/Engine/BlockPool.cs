namespace Platform.GpuWorker.Engine;

/// <summary>
/// The KV cache: a fixed number of blocks, each used by some sequences or free. A free block keeps its content, and is
/// found again by its hash, until it is taken anew; the free list is in order of release, so that the least recently
/// used block goes first (vLLM's <c>FreeKVCacheBlockQueue</c>).
/// </summary>
internal sealed class BlockPool
{
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _users;
    private readonly ulong?[] _hash;
    private readonly Dictionary<ulong, int> _cached = [];

    public BlockPool(int capacity)
    {
        Capacity = capacity;
        _next = new int[capacity + 1];
        _previous = new int[capacity + 1];
        _users = new int[capacity];
        _hash = new ulong?[capacity];
        _next[Sentinel] = _previous[Sentinel] = Sentinel;
        for (var block = 0; block < capacity; block++)
            AddToFree(block);
    }

    public int Capacity { get; }

    public int Free { get; private set; }

    /// <summary>The share of blocks that sequences hold, 0 to 1; cached blocks that nobody holds count as free.</summary>
    public double Usage => (double)(Capacity - Free) / Capacity;

    private int Sentinel => Capacity;

    /// <summary>
    /// How many blocks from the start of <paramref name="tokens"/>, at most <paramref name="most"/>, are cached, and how
    /// many of those are on the free list.
    /// </summary>
    public (int Blocks, int OfThemFree) Match(BlockChain tokens, int most)
    {
        var free = 0;
        for (var i = 0; i < most; i++)
        {
            if (!_cached.TryGetValue(tokens[i], out var block))
                return (i, free);
            if (_users[block] == 0)
                free++;
        }
        return (most, free);
    }

    /// <summary>Adds the first <paramref name="count"/> blocks of a match to <paramref name="held"/>.</summary>
    public void Share(BlockChain tokens, int count, List<int> held)
    {
        for (var i = 0; i < count; i++)
        {
            var block = _cached[tokens[i]];
            if (_users[block]++ == 0)
                RemoveFromFree(block);
            held.Add(block);
        }
    }

    /// <summary>Takes the least recently used free block, forgetting its content. False when none is free.</summary>
    public bool TryTake(List<int> held)
    {
        if (Free == 0)
            return false;
        var block = _next[Sentinel];
        RemoveFromFree(block);
        if (_hash[block] is { } hash)
            _cached.Remove(hash);
        _hash[block] = null;
        _users[block] = 1;
        held.Add(block);
        return true;
    }

    /// <summary>Makes a full block findable. Of two blocks with the same content the first one stays.</summary>
    public void Publish(int block, ulong hash)
    {
        if (_cached.TryAdd(hash, block))
            _hash[block] = hash;
    }

    /// <summary>Gives blocks back, the last one first, so that the start of a prompt stays longest.</summary>
    public void Release(List<int> held)
    {
        for (var i = held.Count - 1; i >= 0; i--)
        {
            if (--_users[held[i]] == 0)
                AddToFree(held[i]);
        }
        held.Clear();
    }

    private void AddToFree(int block)
    {
        var last = _previous[Sentinel];
        _next[last] = block;
        _previous[block] = last;
        _next[block] = Sentinel;
        _previous[Sentinel] = block;
        Free++;
    }

    private void RemoveFromFree(int block)
    {
        _next[_previous[block]] = _next[block];
        _previous[_next[block]] = _previous[block];
        Free--;
    }
}
