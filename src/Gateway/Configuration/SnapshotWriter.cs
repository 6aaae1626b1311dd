using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Platform.Gateway.Configuration;

/// <summary>One change on its way to disk; without <see cref="Commit"/> nothing of it stays.</summary>
internal sealed class SnapshotWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly SqliteCommand _upsert;
    private readonly SqliteCommand _touch;
    private readonly SqliteCommand _delete;
    private readonly bool _full;
    private readonly long _generation;

    public SnapshotWriter(SqliteConnection connection, bool full)
    {
        _connection = connection;
        _full = full;
        _transaction = connection.BeginTransaction();
        _generation = (long)Command("SELECT coalesce(max(generation), 0) FROM resources").ExecuteScalar()! + (full ? 1 : 0);
        _upsert = Command(
            """
            INSERT INTO resources (kind, key, revision, tenant, document, generation) VALUES ($kind, $key, $revision, $tenant, $document, $generation)
            ON CONFLICT (kind, key) DO UPDATE SET
                revision = excluded.revision, tenant = excluded.tenant, document = excluded.document, generation = excluded.generation
            """,
            "$kind", "$key", "$revision", "$tenant", "$document", "$generation");
        _touch = Command("UPDATE resources SET generation = $generation WHERE kind = $kind AND key = $key", "$generation", "$kind", "$key");
        _delete = Command("DELETE FROM resources WHERE kind = $kind AND key = $key", "$kind", "$key");
    }

    public void Write(Resource resource, Keeping keeping)
    {
        switch (keeping.What)
        {
            case Keep.Document:
                Run(_upsert, resource.Kind, resource.Key, resource.Revision, resource.TenantId.ToString(), keeping.Document!, _generation);
                break;
            case Keep.LastGood:
                Run(_touch, _generation, resource.Kind, resource.Key);
                break;
            case Keep.Nothing:
                Run(_delete, resource.Kind, resource.Key);
                break;
        }
    }

    /// <summary>Writes the head, drops what a full change did not mention, and makes it all durable.</summary>
    public void Commit(Snapshot snapshot)
    {
        if (_full)
            Run(Command("DELETE FROM resources WHERE generation <> $generation", "$generation"), _generation);
        Run(
            Command(
                """
                INSERT INTO head (id, epoch, revision, rejected) VALUES (1, $epoch, $revision, $rejected)
                ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, revision = excluded.revision, rejected = excluded.rejected
                """,
                "$epoch", "$revision", "$rejected"),
            snapshot.Epoch.ToString("D"), snapshot.Revision, JsonSerializer.Serialize(snapshot.Rejected.Values));
        _transaction.Commit();
    }

    public void Dispose()
    {
        _upsert.Dispose();
        _touch.Dispose();
        _delete.Dispose();
        _transaction.Dispose();
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter(name, null));
        return command;
    }
}
