using Microsoft.Data.Sqlite;
using Platform.Gateway.Configuration;
using Platform.Gateway.Routing;

namespace Platform.Gateway.Delivery;

/// <summary>
/// One application of changes: resources go into the next snapshot and into the store's transaction, one by one; then one
/// swap, one commit. Without <see cref="Finish"/> nothing of it happened.
/// </summary>
internal sealed class ConfigSession : IDisposable
{
    private readonly CurrentSnapshot _current;
    private readonly EndpointStates _states;
    private readonly SnapshotChange _change;
    private readonly ILogger _logger;
    private SnapshotWriter? _writer;

    public ConfigSession(bool full, GroupSecrets secrets, CurrentSnapshot current, SnapshotStore store, EndpointStates states, ILogger logger)
    {
        (_current, _states, _logger) = (current, states, logger);
        _change = new(current.Value ?? Snapshot.Empty, full, secrets, logger);
        Store(() => _writer = store.Begin(full));
    }

    /// <summary>A copy on disk that cannot be written keeps nothing from taking effect: a revocation must.</summary>
    public void Take(Resource resource)
    {
        var applied = _change.Apply(resource);
        Store(() => _writer?.Write(resource, applied));
    }

    /// <summary>Puts the next snapshot in force. A copy that could not be written must be made whole by a full catch-up.</summary>
    public SessionEnd Finish(Guid epoch, long revision)
    {
        var next = _change.Finish(epoch, revision);
        _current.Set(next);
        _states.Retain(next);
        Log.Applied(_logger, revision, _change.IsFull, next.Keys.Count);
        Store(() => _writer?.Commit(next));
        return new(_change.NeedsSecrets, IsStored: _writer is not null);
    }

    public void Dispose() => _writer?.Dispose();

    private void Store(Action act)
    {
        try
        {
            act();
        }
        catch (SqliteException e)
        {
            Log.NotStored(_logger, e);
            var broken = _writer;
            _writer = null;
            if (broken is not null)
                Store(broken.Dispose);
        }
    }
}

/// <param name="NeedsSecrets">A resource was refused for want of a group key.</param>
internal readonly record struct SessionEnd(bool NeedsSecrets, bool IsStored);
