using Npgsql;
using Platform.Control.Data;

namespace Platform.Control.Delivery;

/// <summary>Opens the publishing session once no other Control has it.</summary>
internal sealed class PublisherSessions(Database database, ConfigEpoch epoch, TimeProvider time)
{
    /// <summary>Any number that nothing else in this database locks.</summary>
    private const long LockKey = 0x706c6174_636f6e66;
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits for its turn.</summary>
    /// <exception cref="NpgsqlException">PostgreSQL is away.</exception>
    public async Task<PublisherSession> OpenAsync(CancellationToken ct)
    {
        var connection = await database.OpenPlatformSessionAsync(ct);
        try
        {
            while (await ScalarAsync(connection, $"SELECT pg_try_advisory_lock({LockKey})", ct) is not true)
                await Task.Delay(LockInterval, time, ct);
            await ScalarAsync(connection, $"LISTEN {ConfigWriter.Channel}", ct);
            return new(connection, await epoch.EnsureAsync(connection, ct));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }
}
