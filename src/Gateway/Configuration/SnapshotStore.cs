using System.Text.Json;
using Microsoft.Data.Sqlite;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Configuration;

/// <summary>
/// The last good resources on disk (<c>config.db</c>, SQLite in WAL mode), so that an agent starts with everything else
/// down. A change and its head are one transaction. For one thread at a time.
/// </summary>
internal sealed class SnapshotStore : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS resources (
            kind TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, tenant TEXT NOT NULL,
            document BLOB NOT NULL, generation INTEGER NOT NULL, PRIMARY KEY (kind, key));
        CREATE TABLE IF NOT EXISTS head (
            id INTEGER PRIMARY KEY CHECK (id = 1), epoch TEXT NOT NULL, revision INTEGER NOT NULL, rejected TEXT NOT NULL);
        """;

    private readonly SqliteConnection _connection;

    public SnapshotStore(DataDirectory directory)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = directory.Touch("config.db"), Pooling = false }.ToString());
        _connection.Open();
        Execute(Schema);
    }

    /// <summary>Null where nothing was ever applied.</summary>
    public StoredHead? ReadHead()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT epoch, revision, rejected FROM head";
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new(Guid.Parse(reader.GetString(0)), reader.GetInt64(1), JsonSerializer.Deserialize<List<RejectedResource>>(reader.GetString(2)) ?? [])
            : null;
    }

    public IEnumerable<Resource> ReadResources()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT kind, key, revision, tenant, document FROM resources";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new(
                reader.GetString(0), reader.GetString(1), reader.GetInt64(2), TenantId.Parse(reader.GetString(3)), reader.GetFieldValue<byte[]>(4));
        }
    }

    public SnapshotWriter Begin(bool full) => new(_connection, full);

    public void Dispose() => _connection.Dispose();

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <param name="Rejected">Resources whose newest document is not in force.</param>
internal sealed record StoredHead(Guid Epoch, long Revision, IReadOnlyList<RejectedResource> Rejected);
