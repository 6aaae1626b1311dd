using Platform.Contracts.Ids;

namespace Platform.Control.Usage;

/// <summary>
/// When to ask again for what one boot still owes: at once, then after 5 s, 10 s, ... up to 10 minutes; anew when the
/// journal got further. Kept in memory: a restart asks again, which is harmless.
/// </summary>
internal sealed class ReplayBackoff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(AgentId, BootId), (long Contiguous, TimeSpan Wait, DateTimeOffset Next)> _open = [];

    /// <summary>True when it is time to ask; the next time is then further away.</summary>
    public bool IsDue(AgentId agent, BootId boot, long contiguous)
    {
        var now = time.GetUtcNow();
        var known = _open.TryGetValue((agent, boot), out var state) && state.Contiguous == contiguous;
        if (known && now < state.Next)
            return false;
        var wait = known ? Min(state.Wait * 2, Longest) : First;
        _open[(agent, boot)] = (contiguous, wait, now + wait);
        return true;
    }

    /// <summary>Forgets every boot that owes nothing any more.</summary>
    public void KeepOnly(IReadOnlySet<(AgentId, BootId)> open)
    {
        foreach (var key in _open.Keys.Where(k => !open.Contains(k)).ToList())
            _open.Remove(key);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
