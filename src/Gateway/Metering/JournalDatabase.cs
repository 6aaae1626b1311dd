using System.Text.Json;
using Microsoft.Data.Sqlite;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Contracts.Usage;
using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Metering;

/// <summary>The journal's file (<c>journal.db</c>, SQLite in WAL mode) and its statements; one instance for one thread at a time.</summary>
internal sealed class JournalDatabase : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS records (
            position INTEGER PRIMARY KEY AUTOINCREMENT, boot TEXT NOT NULL, sequence INTEGER NOT NULL,
            json BLOB NOT NULL, confirmed_at INTEGER NULL, UNIQUE (boot, sequence));
        CREATE INDEX IF NOT EXISTS records_unconfirmed ON records (position) WHERE confirmed_at IS NULL;
        CREATE INDEX IF NOT EXISTS records_confirmed ON records (confirmed_at) WHERE confirmed_at IS NOT NULL;
        CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL);
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _confirm;

    public JournalDatabase(DataDirectory directory, JournalDurability durability)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = directory.Touch("journal.db"), Pooling = false }.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode = WAL");
        Execute($"PRAGMA synchronous = {(durability == JournalDurability.Power ? "FULL" : "NORMAL")}");
        Execute("PRAGMA journal_size_limit = 16777216");
        Execute(Schema);
        _insert = Command("INSERT INTO records (boot, sequence, json) VALUES ($boot, $sequence, $json)", "$boot", "$sequence", "$json");
        _confirm = Command(
            "UPDATE records SET confirmed_at = $now WHERE position BETWEEN $from AND $to AND confirmed_at IS NULL RETURNING length(json)", "$now", "$from", "$to");
    }

    public SqliteTransaction Begin() => _connection.BeginTransaction();

    /// <summary>Bytes of the record as written.</summary>
    public int Insert(SqliteTransaction transaction, UsageRecord record)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, WireJson.Default.UsageRecord);
        _insert.Transaction = transaction;
        Bind(_insert, record.BootId.ToString(), record.Sequence, json);
        _insert.ExecuteNonQuery();
        return json.Length;
    }

    /// <summary>Bytes that became confirmed; those of rows that were already, or are gone, do not count. One statement for each run of positions.</summary>
    public long Confirm(SqliteTransaction transaction, IReadOnlyList<JournalRow> rows, DateTimeOffset now)
    {
        _confirm.Transaction = transaction;
        long bytes = 0;
        for (int start = 0, end; start < rows.Count; start = end)
        {
            end = start + 1;
            while (end < rows.Count && rows[end].Position == rows[end - 1].Position + 1)
                end++;
            Bind(_confirm, now.ToUnixTimeSeconds(), rows[start].Position, rows[end - 1].Position);
            bytes += Sum(_confirm);
        }
        return bytes;
    }

    /// <summary>Marks confirmed records of a boot unconfirmed. Their bytes.</summary>
    public long Replay(SqliteTransaction transaction, BootId boot, long from, long to) => Sum(
        transaction,
        "UPDATE records SET confirmed_at = NULL WHERE boot = $boot AND sequence BETWEEN $from AND $to AND confirmed_at IS NOT NULL RETURNING length(json)",
        ("$boot", boot.ToString()), ("$from", from), ("$to", to));

    /// <summary>Deletes the records confirmed first, at most <paramref name="limit"/> and only those confirmed before an instant. Their bytes.</summary>
    public long Trim(SqliteTransaction transaction, DateTimeOffset before, int limit) => Sum(
        transaction,
        """
        DELETE FROM records WHERE position IN (
            SELECT position FROM records WHERE confirmed_at IS NOT NULL AND confirmed_at < $before ORDER BY confirmed_at LIMIT $limit)
        RETURNING length(json)
        """,
        ("$before", before.ToUnixTimeSeconds()), ("$limit", limit));

    /// <summary>Writes something that does not matter, to see whether writing works again.</summary>
    public void Probe(SqliteTransaction transaction, DateTimeOffset now) =>
        Sum(transaction, "INSERT OR REPLACE INTO probe (id, at) VALUES (1, $now) RETURNING 0", ("$now", now.ToUnixTimeSeconds()));

    /// <summary>The oldest unconfirmed records, at least one where there is one.</summary>
    public List<JournalRow> ReadUnconfirmed(int maxRecords, int maxBytes)
    {
        using var command = Command("SELECT position, json FROM records WHERE confirmed_at IS NULL ORDER BY position LIMIT $limit", "$limit");
        Bind(command, maxRecords);
        using var reader = command.ExecuteReader();
        var rows = new List<JournalRow>();
        var bytes = 0;
        while (reader.Read())
        {
            var row = new JournalRow(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
            bytes += row.Json.Length;
            if (rows.Count > 0 && bytes > maxBytes)
                break;
            rows.Add(row);
        }
        return rows;
    }

    public List<JournalHead> ReadHeads()
    {
        using var command = Command("SELECT boot, max(sequence) FROM records GROUP BY boot");
        using var reader = command.ExecuteReader();
        var heads = new List<JournalHead>();
        while (reader.Read())
            heads.Add(new(BootId.Parse(reader.GetString(0)), reader.GetInt64(1)));
        return heads;
    }

    /// <summary>Bytes of the unconfirmed and of the confirmed records.</summary>
    public (long Unconfirmed, long Confirmed) ReadSizes()
    {
        using var command = Command(
            "SELECT coalesce(sum(length(json)) FILTER (WHERE confirmed_at IS NULL), 0), coalesce(sum(length(json)) FILTER (WHERE confirmed_at IS NOT NULL), 0) FROM records");
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    public void Dispose()
    {
        _insert.Dispose();
        _confirm.Dispose();
        _connection.Dispose();
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter(name, null));
        return command;
    }

    private long Sum(SqliteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return Sum(command);
    }

    private static long Sum(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        long sum = 0;
        while (reader.Read())
            sum += reader.GetInt64(0);
        return sum;
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }
}

/// <param name="Position">Order of commits over all boots.</param>
/// <param name="Json">The record as it is sent.</param>
internal sealed record JournalRow(long Position, byte[] Json);
