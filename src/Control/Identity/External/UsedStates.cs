namespace Platform.Control.Identity.External;

/// <summary>States that came back: each is taken once by this process. Bounded; where it is full, none is taken.</summary>
internal sealed class UsedStates(TimeProvider time)
{
    private const int Most = 100_000;

    private readonly Dictionary<string, DateTimeOffset> _used = [];
    private readonly Lock _lock = new();

    /// <param name="until">When the state is over anyway.</param>
    public bool TryTake(string state, DateTimeOffset until)
    {
        lock (_lock)
        {
            if (_used.Count >= Most)
            {
                var now = time.GetUtcNow();
                foreach (var old in _used.Where(u => u.Value < now).Select(u => u.Key).ToList())
                    _used.Remove(old);
            }
            return _used.Count < Most && _used.TryAdd(state, until);
        }
    }
}
