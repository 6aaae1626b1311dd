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
    private readonly SnapshotWriter _writer;
    private readonly ILogger _logger;

    public ConfigSession(bool full, GroupSecrets secrets, CurrentSnapshot current, SnapshotStore store, EndpointStates states, ILogger logger)
    {
        (_current, _states, _logger) = (current, states, logger);
        _change = new(current.Value ?? Snapshot.Empty, full, secrets, logger);
        _writer = store.Begin(full);
    }

    public void Take(Resource resource) => _writer.Write(resource, _change.Apply(resource));

    /// <summary>Puts the next snapshot in force. A copy that could not be written must be made whole by a full catch-up.</summary>
    public SessionEnd Finish(Guid epoch, long revision)
    {
        var next = _change.Finish(epoch, revision);
        _current.Set(next);
        _states.Retain(next);
        Log.Applied(_logger, revision, _change.IsFull, next.Keys.Count);
        try
        {
            _writer.Commit(next);
            return new(_change.NeedsSecrets, IsStored: true);
        }
        catch (SqliteException e)
        {
            Log.NotStored(_logger, e, revision);
            return new(_change.NeedsSecrets, IsStored: false);
        }
    }

    public void Dispose() => _writer.Dispose();
}

/// <param name="NeedsSecrets">A resource was refused for want of a group key.</param>
internal readonly record struct SessionEnd(bool NeedsSecrets, bool IsStored);
