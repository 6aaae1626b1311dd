using System.Collections.Concurrent;
using Platform.Contracts.Ids;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Edge;

/// <summary>Requests that run, by key. Keys of which none runs take no room.</summary>
internal sealed class KeySlots(LimitsSettings limits)
{
    private readonly ConcurrentDictionary<ApiKeyId, int> _running = new();

    /// <summary>Keys with requests that run.</summary>
    public int Keys => _running.Count;

    /// <summary>False where as many run as may; otherwise it must be left again.</summary>
    public bool TryEnter(ApiKeyId key)
    {
        while (true)
        {
            if (!_running.TryGetValue(key, out var running))
            {
                if (_running.TryAdd(key, 1))
                    return true;
            }
            else if (running >= limits.MaxConcurrentPerKey)
            {
                return false;
            }
            else if (_running.TryUpdate(key, running + 1, running))
            {
                return true;
            }
        }
    }

    public void Leave(ApiKeyId key)
    {
        while (_running.TryGetValue(key, out var running))
        {
            if (running == 1 ? _running.TryRemove(new(key, 1)) : _running.TryUpdate(key, running - 1, running))
                return;
        }
    }
}
