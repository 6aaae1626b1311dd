using Microsoft.Data.Sqlite;

namespace Platform.Gateway.Metering;

/// <summary>Which positions of the journal are confirmed, and since when, as ranges that do not overlap. Positions that hold no record may be in them.</summary>
internal sealed class JournalRanges(SqliteConnection connection) : IDisposable
{
    /// <summary>What is confirmed so soon after its neighbour is of the neighbour's range: a journal has at most one range for each minute, and for each replay.</summary>
    private const int MergeSeconds = 60;

    private readonly JournalStatement _before = new(connection, "SELECT first, last, at FROM confirmed WHERE first <= ?1 ORDER BY first DESC LIMIT 1");
    private readonly JournalStatement _after = new(connection, "SELECT first, last, at FROM confirmed WHERE first > ?1 ORDER BY first LIMIT 1");
    private readonly JournalStatement _oldest = new(connection, "SELECT first, last, at FROM confirmed WHERE at < ?1 ORDER BY at LIMIT 1");
    private readonly JournalStatement _insert = new(connection, "INSERT INTO confirmed (first, last, at) VALUES (?1, ?2, ?3)");
    private readonly JournalStatement _extend = new(connection, "UPDATE confirmed SET last = ?2 WHERE first = ?1");
    private readonly JournalStatement _delete = new(connection, "DELETE FROM confirmed WHERE first = ?1");

    /// <summary>The parts that were not confirmed before.</summary>
    public List<Positions> Add(Positions added, DateTimeOffset now)
    {
        var parts = new List<Positions>();
        for (var from = added.First; from <= added.Last;)
        {
            var gap = GapFrom(from);
            if (gap.First > added.Last)
                break;
            var part = gap with { Last = Math.Min(gap.Last, added.Last) };
            Insert(part, now.ToUnixTimeSeconds());
            parts.Add(part);
            from = part.Last + 1;
        }
        return parts;
    }

    /// <summary>The parts that were confirmed before.</summary>
    public List<Positions> Remove(Positions removed)
    {
        var parts = new List<Positions>();
        for (var from = removed.First; RangeFrom(from) is { } range && range.First <= removed.Last;)
        {
            var part = new Positions(Math.Max(range.First, removed.First), Math.Min(range.Last, removed.Last));
            _delete.Bind(1, range.First);
            _delete.Run();
            if (range.First < part.First)
                InsertAlone(new(range.First, part.First - 1), range.At);
            if (range.Last > part.Last)
                InsertAlone(new(part.Last + 1, range.Last), range.At);
            parts.Add(part);
            from = part.Last + 1;
        }
        return parts;
    }

    /// <summary>The first positions from one on that are not confirmed; without an end there is nothing confirmed behind them.</summary>
    public Positions GapFrom(long from)
    {
        while (RangeFrom(from) is { } range)
        {
            if (range.First > from)
                return new(from, range.First - 1);
            from = range.Last + 1;
        }
        return new(from, long.MaxValue);
    }

    /// <summary>What was confirmed first, where that was more than a minute before an instant.</summary>
    public Positions? Oldest(DateTimeOffset before)
    {
        _oldest.Bind(1, before.ToUnixTimeSeconds() - MergeSeconds);
        return _oldest.First() is { } row ? new(row.A, row.B) : null;
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _before, _after, _oldest, _insert, _extend, _delete })
            statement.Dispose();
    }

    private void Insert(Positions added, long now)
    {
        if (Before(added.First) is { } before && before.Last == added.First - 1 && now - before.At is >= 0 and < MergeSeconds)
        {
            _extend.Bind(1, before.First);
            _extend.Bind(2, added.Last);
            _extend.Run();
        }
        else
        {
            InsertAlone(added, now);
        }
    }

    private void InsertAlone(Positions added, long at)
    {
        _insert.Bind(1, added.First);
        _insert.Bind(2, added.Last);
        _insert.Bind(3, at);
        _insert.Run();
    }

    /// <summary>The range that has a position, or the next one.</summary>
    private Range? RangeFrom(long position)
    {
        if (Before(position) is { } before && before.Last >= position)
            return before;
        _after.Bind(1, position);
        return _after.First() is { } row ? new(row.A, row.B, row.C) : null;
    }

    private Range? Before(long position)
    {
        _before.Bind(1, position);
        return _before.First() is { } row ? new(row.A, row.B, row.C) : null;
    }

    private readonly record struct Range(long First, long Last, long At);
}

/// <summary>A range of the journal's positions, both ends in it.</summary>
internal readonly record struct Positions(long First, long Last);
