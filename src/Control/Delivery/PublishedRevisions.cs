using Platform.Contracts.Ids;

namespace Platform.Control.Delivery;

/// <summary>
/// How far each group has been told. A group is first told of its head alone: what came before, its agents fetch. After
/// a failed send the next one starts where the last good one ended, so the chain has no holes.
/// </summary>
internal sealed class PublishedRevisions
{
    private readonly Dictionary<AgentGroupName, long> _told = [];

    /// <summary>Where a change must start to reach <paramref name="head"/>; null when there is nothing to tell.</summary>
    public long? ChangeFrom(AgentGroupName group, long head)
    {
        if (_told.TryAdd(group, head))
            return null;
        var from = _told[group];
        return from < head ? from : null;
    }

    public void Told(AgentGroupName group, long head) => _told[group] = head;
}
