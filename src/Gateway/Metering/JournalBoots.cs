using Microsoft.Data.Sqlite;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;

namespace Platform.Gateway.Metering;

/// <summary>Where each boot's records begin. They end where the next one's begin.</summary>
internal sealed class JournalBoots(SqliteConnection connection) : IDisposable
{
    private const string All = "SELECT boot, first, lead(first, 1, 9223372036854775807) OVER (ORDER BY first) AS next FROM boots";

    private readonly JournalStatement _insert = new(connection, "INSERT OR IGNORE INTO boots (first, boot) VALUES (?1, ?2)");
    private readonly JournalStatement _from = new(connection, "SELECT position, sequence FROM entries WHERE position BETWEEN ?1 AND ?2 ORDER BY position LIMIT 1");
    private readonly JournalStatement _last = new(connection, "SELECT sequence FROM entries WHERE position BETWEEN ?1 AND ?2 ORDER BY position DESC LIMIT 1");
    private readonly JournalStatement _trim = new(
        connection,
        $"""
        DELETE FROM boots WHERE first IN (
            SELECT first FROM ({All}) AS b
            WHERE next < 9223372036854775807 AND NOT EXISTS (SELECT 1 FROM entries WHERE position >= b.first AND position < b.next))
        """);

    private BootId? _current;

    /// <summary>The record at the position is of the boot.</summary>
    public void Note(BootId boot, long position)
    {
        if (_current == boot)
            return;
        _insert.Bind(1, position);
        _insert.Bind(2, boot.ToString());
        _insert.Run();
        _current = boot;
    }

    /// <summary>What was noted may not have been committed.</summary>
    public void Forget() => _current = null;

    /// <summary>Deletes those of which no record is left, but the last, which may have more.</summary>
    public void Trim() => _trim.Run();

    /// <summary>Positions of a boot's records by their sequences; null where it has none.</summary>
    public Positions? Find(BootId boot, long from, long to)
    {
        foreach (var (known, positions) in Read())
        {
            if (known == boot)
            {
                var (first, last) = (Bisect(positions, from), to == long.MaxValue ? positions.Last : Bisect(positions, to + 1) - 1);
                return first <= last ? new(first, last) : null;
            }
        }
        return null;
    }

    public List<JournalHead> ReadHeads()
    {
        var heads = new List<JournalHead>();
        foreach (var (boot, positions) in Read())
        {
            _last.Bind(1, positions.First);
            _last.Bind(2, positions.Last);
            if (_last.First() is { } row)
                heads.Add(new(boot, row.A));
        }
        return heads;
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _insert, _from, _last, _trim })
            statement.Dispose();
    }

    /// <summary>The first position from which on no record has a smaller sequence.</summary>
    private long Bisect(Positions positions, long sequence)
    {
        var (low, high) = (positions.First, positions.Last + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            _from.Bind(1, middle);
            _from.Bind(2, positions.Last);
            if (_from.First() is not { } row || row.B >= sequence)
                high = middle;
            else
                low = row.A + 1;
        }
        return low;
    }

    private List<(BootId Boot, Positions Positions)> Read()
    {
        using var command = connection.CreateCommand();
        command.CommandText = All;
        using var reader = command.ExecuteReader();
        var boots = new List<(BootId, Positions)>();
        while (reader.Read())
            boots.Add((BootId.Parse(reader.GetString(0)), new(reader.GetInt64(1), reader.GetInt64(2) - 1)));
        return boots;
    }
}
