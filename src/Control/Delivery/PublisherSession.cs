using System.Text.Json;
using Npgsql;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Control.Delivery;

/// <summary>
/// The one database session that publishes: it holds the advisory lock and hears of commits. When it breaks,
/// PostgreSQL releases the lock, and another Control's takes it.
/// </summary>
internal sealed class PublisherSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private bool _heard;

    /// <param name="connection">Open, with the lock, listening; disposed with the session.</param>
    public PublisherSession(NpgsqlConnection connection, Guid epoch)
    {
        (_connection, Epoch) = (connection, epoch);
        connection.Notification += (_, _) => _heard = true;
    }

    public Guid Epoch { get; }

    /// <summary>
    /// Waits for a commit, also for one that was heard of while a query ran; false when <paramref name="timeout"/> passed
    /// without one.
    /// </summary>
    public async Task<bool> WaitForChangeAsync(TimeSpan timeout, CancellationToken ct)
    {
        if (!_heard)
            await _connection.WaitAsync(timeout, ct);
        var heard = _heard;
        _heard = false;
        return heard;
    }

    /// <summary>Each group with the newest revision of its resources, 0 for a group without any.</summary>
    public async Task<IReadOnlyList<(AgentGroupName Group, long Head)>> HeadsAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT g.name, coalesce((SELECT max(r.revision) FROM config_resources r WHERE r.group_name = g.name), 0)
            FROM agent_groups g ORDER BY g.name
            """,
            _connection);
        var heads = new List<(AgentGroupName, long)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            heads.Add((AgentGroupName.Parse(reader.GetString(0)), reader.GetInt64(1)));
        return heads;
    }

    /// <summary>
    /// What changed after <paramref name="from"/> up to <paramref name="to"/>; an empty list when it is more than one
    /// message holds, so that no more than that is ever in memory.
    /// </summary>
    public async Task<IReadOnlyList<ConfigResource>> ChangesAsync(AgentGroupName group, long from, long to, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT kind, key, revision, tenant_id, document::text FROM config_resources
            WHERE group_name = $1 AND revision > $2 AND revision <= $3
            ORDER BY revision, kind, key
            """,
            _connection);
        command.Parameters.Add(new() { Value = group.Value });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = to });
        var size = 0;
        var changes = new List<ConfigResource>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var text = reader.IsDBNull(4) ? null : reader.GetString(4);
            size += text?.Length ?? 0;
            if (size > ChangeMessages.MaxBytes)
                return [];
            JsonElement? document = text is null ? null : JsonElement.Parse(text);
            changes.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), new(reader.GetGuid(3)), document));
        }
        return changes;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
