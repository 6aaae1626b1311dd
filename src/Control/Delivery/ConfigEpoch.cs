using Npgsql;
using Platform.Control.Data;

namespace Platform.Control.Delivery;

/// <summary>
/// The epoch of the revisions: it holds for one life of the database. After a restore, revisions could come a second
/// time with other content, so it changes, and agents take everything anew.
/// </summary>
internal sealed class ConfigEpoch(ILogger<ConfigEpoch> log)
{
    /// <summary>The epoch, a new one if this database is not the one it was made for.</summary>
    public async Task<Guid> EnsureAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (old, where) = await ReadAsync(connection, ct);
        await using var fingerprint = new NpgsqlCommand(DatabaseFingerprint.Sql, connection);
        var here = (string)(await fingerprint.ExecuteScalarAsync(ct))!;
        if (here == where)
            return old;
        var epoch = Guid.NewGuid();
        await using var update = new NpgsqlCommand("UPDATE config_head SET epoch = $1, database_fingerprint = $2", connection);
        update.Parameters.Add(new() { Value = epoch });
        update.Parameters.Add(new() { Value = here });
        await update.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        log.EpochChanged(old, epoch);
        return epoch;
    }

    private static async Task<(Guid Epoch, string Fingerprint)> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT epoch, database_fingerprint FROM config_head FOR UPDATE", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? (reader.GetGuid(0), reader.GetString(1))
            : throw new InvalidOperationException("The database has no config_head row; apply the migrations.");
    }
}
