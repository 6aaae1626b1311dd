using Platform.Contracts.Ids;

namespace Platform.Gateway.KeptAnswers;

/// <summary>Something that takes memory on a tenant's account.</summary>
internal abstract class Held(TenantId tenant)
{
    public TenantId Tenant => tenant;

    /// <summary>Its place among its tenant's; null where it has none.</summary>
    public LinkedListNode<Held>? Place { get; set; }

    /// <summary>What it was counted with.</summary>
    public long Counted { get; set; }
}

/// <summary>
/// What is held, by tenant and from the oldest on, within a bound for all and one for each, so that no tenant can take
/// what is others'. It is its owner's to lock, and to drop what it names.
/// </summary>
internal sealed class TenantShares(long maxBytes, long maxTenantBytes, int maxCount)
{
    private readonly Dictionary<TenantId, Share> _shares = [];

    public long Bytes { get; private set; }

    public int Count { get; private set; }

    public void Add(Held held, long bytes)
    {
        if (!_shares.TryGetValue(held.Tenant, out var share))
            _shares.Add(held.Tenant, share = new());
        held.Counted = bytes;
        held.Place = share.Items.AddLast(held);
        share.Bytes += bytes;
        Bytes += bytes;
        Count++;
    }

    /// <summary>It is the youngest again.</summary>
    public static void Touch(Held held)
    {
        if (held.Place is not { List: { } list } place)
            return;
        list.Remove(place);
        list.AddLast(place);
    }

    /// <summary>What is not here, or not any more, is left alone.</summary>
    public void Remove(Held held)
    {
        if (held.Place is not { List: { } list } place || !_shares.TryGetValue(held.Tenant, out var share) || share.Items != list)
            return;
        list.Remove(place);
        held.Place = null;
        share.Bytes -= held.Counted;
        Bytes -= held.Counted;
        Count--;
        if (share.Items.Count == 0)
            _shares.Remove(held.Tenant);
    }

    public int CountOf(TenantId tenant) => _shares.TryGetValue(tenant, out var share) ? share.Items.Count : 0;

    /// <summary>What must go next, a tenant's oldest: of the one that was added to where it has too much, else of the one that has most. Null where all is within bounds.</summary>
    public Held? Excess(TenantId added)
    {
        if (_shares.TryGetValue(added, out var mine) && mine.Bytes > maxTenantBytes)
            return mine.Items.First!.Value;
        return Bytes > maxBytes || Count > maxCount ? OldestOfLargest() : null;
    }

    /// <summary>Null where there is nothing.</summary>
    public Held? OldestOfLargest() => Largest()?.Items.First!.Value;

    /// <summary>What each tenant holds, from the oldest on, as it is at the moment.</summary>
    public IReadOnlyList<IReadOnlyList<Held>> Of(Func<TenantId, bool> tenants) =>
        [.. _shares.Where(s => tenants(s.Key)).Select(s => s.Value.Items.ToList())];

    /// <summary>What comes first of each tenant while it is over.</summary>
    public List<Held> Over(Func<Held, bool> isOver) => [.. _shares.Values.SelectMany(s => s.Items.TakeWhile(isOver))];

    private Share? Largest()
    {
        Share? largest = null;
        foreach (var share in _shares.Values)
        {
            if (largest is null || share.Bytes > largest.Bytes)
                largest = share;
        }
        return largest;
    }

    private sealed class Share
    {
        public LinkedList<Held> Items { get; } = new();

        public long Bytes { get; set; }
    }
}
