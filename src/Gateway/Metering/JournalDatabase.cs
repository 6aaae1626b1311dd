using System.Buffers;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Contracts.Usage;
using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Metering;

/// <summary>
/// The journal's file (<c>journal.db</c>, SQLite in WAL mode) and its statements; the only one that has the file open, for one thread at a time.
/// A record is appended to <c>pending</c>, which is written at its end alone, and moves to <c>kept</c> when it is
/// confirmed, many at a time: what a request waits for is one page of the file.
/// </summary>
internal sealed class JournalDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly JournalStatement _begin;
    private readonly JournalStatement _commit;
    private readonly JournalStatement _rollback;
    private readonly JournalStatement _insert;
    private readonly JournalStatement _keep;
    private readonly JournalStatement _confirm;
    private readonly JournalStatement _trim;
    private readonly ArrayBufferWriter<byte> _json = new(1024);
    private readonly Utf8JsonWriter _writer;
    private long _position;

    public JournalDatabase(DataDirectory directory, JournalDurability durability)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = directory.Touch("journal.db"), Pooling = false }.ToString());
        _connection.Open();
        JournalSchema.Prepare(_connection, durability);
        _position = JournalSchema.LastPosition(_connection);
        _writer = new(_json, new JsonWriterOptions { SkipValidation = true });
        _begin = new(_connection, "BEGIN IMMEDIATE");
        _commit = new(_connection, "COMMIT");
        _rollback = new(_connection, "ROLLBACK");
        _insert = new(_connection, "INSERT INTO pending (position, boot, sequence, json) VALUES (?1, ?2, ?3, ?4)");
        _keep = new(
            _connection,
            "INSERT INTO kept (position, boot, sequence, confirmed_at, json) SELECT position, boot, sequence, ?1, json FROM pending WHERE position BETWEEN ?2 AND ?3");
        _confirm = new(_connection, "DELETE FROM pending WHERE position BETWEEN ?1 AND ?2 RETURNING length(json)");
        _trim = new(
            _connection,
            """
            DELETE FROM kept WHERE position IN (SELECT position FROM kept WHERE confirmed_at < ?1 ORDER BY confirmed_at LIMIT ?2)
            RETURNING length(json)
            """);
    }

    /// <summary>Everything up to <see cref="Commit"/> happens at once or, after <see cref="Rollback"/>, not at all.</summary>
    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    /// <summary>Does nothing where SQLite has already done it.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            _rollback.Run();
    }

    /// <summary>Bytes of the record as written.</summary>
    public int Insert(UsageRecord record)
    {
        _json.ResetWrittenCount();
        _writer.Reset();
        JsonSerializer.Serialize(_writer, record, WireJson.Default.UsageRecord);
        _insert.Bind(1, ++_position);
        _insert.Bind(2, record.BootId.ToString());
        _insert.Bind(3, record.Sequence);
        _insert.Bind(4, _json.WrittenSpan);
        _insert.Run();
        return _json.WrittenCount;
    }

    /// <summary>Bytes that became confirmed; those of rows that were already, or are gone, do not count. One statement for each run of positions.</summary>
    public long Confirm(IReadOnlyList<JournalRow> rows, DateTimeOffset now)
    {
        long bytes = 0;
        for (int start = 0, end; start < rows.Count; start = end)
        {
            end = start + 1;
            while (end < rows.Count && rows[end].Position == rows[end - 1].Position + 1)
                end++;
            var (first, last) = (rows[start].Position, rows[end - 1].Position);
            _keep.Bind(1, now.ToUnixTimeSeconds());
            _keep.Bind(2, first);
            _keep.Bind(3, last);
            _keep.Run();
            _confirm.Bind(1, first);
            _confirm.Bind(2, last);
            bytes += _confirm.Run();
        }
        return bytes;
    }

    /// <summary>Makes confirmed records of a boot unconfirmed. Their bytes.</summary>
    public long Replay(BootId boot, long from, long to)
    {
        (string, object)[] which = [("$boot", boot.ToString()), ("$from", from), ("$to", to)];
        Sum(
            "INSERT INTO pending (position, boot, sequence, json) SELECT position, boot, sequence, json FROM kept WHERE boot = $boot AND sequence BETWEEN $from AND $to RETURNING 0",
            which);
        return Sum("DELETE FROM kept WHERE boot = $boot AND sequence BETWEEN $from AND $to RETURNING length(json)", which);
    }

    /// <summary>Deletes the records confirmed first, at most <paramref name="limit"/> and only those confirmed before an instant. Their bytes.</summary>
    public long Trim(DateTimeOffset before, int limit)
    {
        _trim.Bind(1, before.ToUnixTimeSeconds());
        _trim.Bind(2, limit);
        return _trim.Run();
    }

    /// <summary>Writes something that does not matter, to see whether writing works again.</summary>
    public void Probe(DateTimeOffset now) =>
        Sum("INSERT OR REPLACE INTO probe (id, at) VALUES (1, $now) RETURNING 0", ("$now", now.ToUnixTimeSeconds()));

    /// <summary>The oldest unconfirmed records, at least one where there is one.</summary>
    public List<JournalRow> ReadUnconfirmed(int maxRecords, int maxBytes)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT position, json FROM pending ORDER BY position LIMIT $limit";
        command.Parameters.AddWithValue("$limit", maxRecords);
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
        using var command = _connection.CreateCommand();
        command.CommandText =
            """
            SELECT boot, max(sequence) FROM (
                SELECT boot, max(sequence) AS sequence FROM pending GROUP BY boot UNION ALL SELECT boot, max(sequence) FROM kept GROUP BY boot)
            GROUP BY boot
            """;
        using var reader = command.ExecuteReader();
        var heads = new List<JournalHead>();
        while (reader.Read())
            heads.Add(new(BootId.Parse(reader.GetString(0)), reader.GetInt64(1)));
        return heads;
    }

    /// <summary>Bytes of the unconfirmed and of the confirmed records.</summary>
    public (long Unconfirmed, long Confirmed) ReadSizes() =>
        (Sum("SELECT coalesce(sum(length(json)), 0) FROM pending"), Sum("SELECT coalesce(sum(length(json)), 0) FROM kept"));

    public void Dispose()
    {
        foreach (var statement in new[] { _begin, _commit, _rollback, _insert, _keep, _confirm, _trim })
            statement.Dispose();
        _writer.Dispose();
        _connection.Dispose();
    }

    private long Sum(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        long sum = 0;
        while (reader.Read())
            sum += reader.GetInt64(0);
        return sum;
    }
}

/// <param name="Position">Order of commits over all boots.</param>
/// <param name="Json">The record as it is sent.</param>
internal sealed record JournalRow(long Position, byte[] Json);
