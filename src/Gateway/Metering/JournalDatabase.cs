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
/// A record is appended, which writes the last page, and is not touched again until it is trimmed.
/// </summary>
internal sealed class JournalDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly JournalRanges _ranges;
    private readonly JournalBoots _boots;
    private readonly JournalStatement _begin;
    private readonly JournalStatement _commit;
    private readonly JournalStatement _rollback;
    private readonly JournalStatement _insert;
    private readonly JournalStatement _read;
    private readonly JournalStatement _size;
    private readonly JournalStatement _delete;
    private readonly ArrayBufferWriter<byte> _json = new(1024);
    private readonly Utf8JsonWriter _writer;
    private long _position;

    /// <summary>No record up to here is unconfirmed. Where to begin to look; too low only costs time.</summary>
    private long _settled;

    public JournalDatabase(DataDirectory directory, JournalDurability durability)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = directory.Touch("journal.db"), Pooling = false }.ToString());
        _connection.Open();
        JournalSchema.Prepare(_connection, durability);
        _position = JournalSchema.LastPosition(_connection);
        _writer = new(_json, new JsonWriterOptions { SkipValidation = true });
        (_ranges, _boots) = (new(_connection), new(_connection));
        _begin = new(_connection, "BEGIN IMMEDIATE");
        _commit = new(_connection, "COMMIT");
        _rollback = new(_connection, "ROLLBACK");
        _insert = new(_connection, "INSERT INTO entries (position, sequence, json) VALUES (?1, ?2, ?3)");
        _read = new(_connection, "SELECT position, json FROM entries WHERE position BETWEEN ?1 AND ?2 ORDER BY position LIMIT ?3");
        _size = new(_connection, "SELECT coalesce(sum(length(json)), 0) FROM entries WHERE position BETWEEN ?1 AND ?2");
        _delete = new(_connection, "DELETE FROM entries WHERE position BETWEEN ?1 AND ?2 RETURNING length(json)");
    }

    /// <summary>Everything up to <see cref="Commit"/> happens at once or, after <see cref="Rollback"/>, not at all.</summary>
    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    public void Rollback()
    {
        // SQLite may have done it already.
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            _rollback.Run();
        _position = JournalSchema.LastPosition(_connection);
        _settled = 0;
        _boots.Forget();
    }

    /// <summary>Bytes of the record as written.</summary>
    public int Insert(UsageRecord record)
    {
        _json.ResetWrittenCount();
        _writer.Reset();
        JsonSerializer.Serialize(_writer, record, WireJson.Default.UsageRecord);
        _boots.Note(record.BootId, ++_position);
        _insert.Bind(1, _position);
        _insert.Bind(2, record.Sequence);
        _insert.Bind(3, _json.WrittenSpan);
        _insert.Run();
        return _json.WrittenCount;
    }

    /// <summary>Bytes that became confirmed; those of rows that were already, or are gone, do not count.</summary>
    public long Confirm(IReadOnlyList<JournalRow> rows, DateTimeOffset now)
    {
        long bytes = 0;
        for (int start = 0, end; start < rows.Count; start = end)
        {
            end = start + 1;
            while (end < rows.Count && rows[end].Position == rows[end - 1].Position + 1)
                end++;
            bytes += _ranges.Add(new(rows[start].Position, rows[end - 1].Position), now).Sum(SizeOf);
        }
        return bytes;
    }

    /// <summary>Makes confirmed records of a boot unconfirmed. Their bytes.</summary>
    public long Replay(BootId boot, long from, long to)
    {
        if (_boots.Find(boot, from, to) is not { } positions)
            return 0;
        _settled = Math.Min(_settled, positions.First - 1);
        return _ranges.Remove(positions).Sum(SizeOf);
    }

    /// <summary>Deletes the records confirmed first, at most <paramref name="limit"/> and only those confirmed before an instant. Their bytes.</summary>
    public long Trim(DateTimeOffset before, int limit)
    {
        long bytes = 0;
        while (limit > 0 && _ranges.Oldest(before) is { } oldest)
        {
            var trimmed = oldest with { Last = Math.Min(oldest.Last, oldest.First + limit - 1) };
            _delete.Bind(1, trimmed.First);
            _delete.Bind(2, trimmed.Last);
            bytes += _delete.Run();
            _ranges.Remove(trimmed);
            limit -= (int)(trimmed.Last - trimmed.First + 1);
        }
        if (bytes > 0)
            _boots.Trim();
        return bytes;
    }

    /// <summary>Writes something that does not matter, to see whether writing works again.</summary>
    public void Probe(DateTimeOffset now)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "INSERT OR REPLACE INTO probe (id, at) VALUES (1, $now)";
        command.Parameters.AddWithValue("$now", now.ToUnixTimeSeconds());
        command.ExecuteNonQuery();
    }

    /// <summary>The oldest unconfirmed records, at least one where there is one.</summary>
    public List<JournalRow> ReadUnconfirmed(int maxRecords, int maxBytes)
    {
        var (rows, bytes) = (new List<JournalRow>(), 0L);
        var gap = _ranges.GapFrom(_settled + 1);
        while (true)
        {
            _read.Bind(1, gap.First);
            _read.Bind(2, gap.Last);
            _read.Bind(3, maxRecords - rows.Count);
            _read.ReadInto(rows, () => (bytes += rows[^1].Json.Length) >= maxBytes);
            if (rows.Count >= maxRecords || bytes >= maxBytes || gap.Last == long.MaxValue)
                break;
            gap = _ranges.GapFrom(gap.Last + 1);
        }
        if (rows.Count > 1 && bytes > maxBytes)
            rows.RemoveAt(rows.Count - 1);
        _settled = (rows.Count > 0 ? rows[0].Position : gap.First) - 1;
        return rows;
    }

    public List<JournalHead> ReadHeads() => _boots.ReadHeads();

    /// <summary>Bytes of the unconfirmed and of the confirmed records.</summary>
    public (long Unconfirmed, long Confirmed) ReadSizes()
    {
        long unconfirmed = 0;
        for (var gap = _ranges.GapFrom(1); ; gap = _ranges.GapFrom(gap.Last + 1))
        {
            unconfirmed += SizeOf(gap);
            if (gap.Last == long.MaxValue)
                return (unconfirmed, SizeOf(new(1, long.MaxValue)) - unconfirmed);
        }
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _begin, _commit, _rollback, _insert, _read, _size, _delete })
            statement.Dispose();
        _ranges.Dispose();
        _boots.Dispose();
        _writer.Dispose();
        _connection.Dispose();
    }

    private long SizeOf(Positions positions)
    {
        _size.Bind(1, positions.First);
        _size.Bind(2, positions.Last);
        return _size.Run();
    }
}

/// <param name="Position">Order of commits over all boots.</param>
/// <param name="Json">The record as it is sent.</param>
internal sealed record JournalRow(long Position, byte[] Json);
