using Microsoft.Data.Sqlite;

namespace Platform.Gateway.Metering;

/// <summary>The tables of the journal's file.</summary>
internal static class JournalSchema
{
    /// <summary>
    /// A record is written once, at the end of <c>entries</c>, and stays there until it is trimmed. Positions are given by the
    /// writer; those of a boot follow one another from the one in <c>boots</c> on, and its sequences rise with them. What is
    /// confirmed is told by ranges of positions that do not overlap, so that to confirm a batch writes one row.
    /// </summary>
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS entries (position INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, json BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS boots (first INTEGER PRIMARY KEY, boot TEXT NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS confirmed (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, at INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS confirmed_at ON confirmed (at);
        CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL);
        """;

    private const string LastPositionQuery =
        "SELECT max(coalesce((SELECT max(position) FROM entries), 0), coalesce((SELECT max(last) FROM confirmed), 0))";

    /// <summary>Journals had one table (<c>records</c>), then two. What is in them may be known to nobody else.</summary>
    private static readonly (string Table, string Source)[] Older =
    [
        ("kept", "SELECT position, boot, sequence, json, confirmed_at FROM kept UNION ALL SELECT position, boot, sequence, json, NULL FROM pending"),
        ("records", "SELECT position, boot, sequence, json, confirmed_at FROM records"),
    ];

    public static void Prepare(SqliteConnection connection, JournalDurability durability)
    {
        // One connection has the file for itself: no lock is taken and given back for each commit, which costs more than the commit.
        Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, $"PRAGMA synchronous = {(durability == JournalDurability.Power ? "FULL" : "NORMAL")}");
        Execute(connection, "PRAGMA journal_size_limit = 16777216");
        // As many pages as that: a page that grows is written once for all its commits, and who waits waits for the disk a quarter as often.
        Execute(connection, "PRAGMA wal_autocheckpoint = 4000");
        using var transaction = connection.BeginTransaction();
        Execute(connection, Tables, transaction);
        foreach (var (table, source) in Older)
        {
            if (Read(connection, $"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{table}'", transaction) > 0)
                TakeOver(connection, transaction, source);
        }
        Execute(connection, "DROP TABLE IF EXISTS kept; DROP TABLE IF EXISTS pending; DROP TABLE IF EXISTS records;", transaction);
        transaction.Commit();
    }

    public static long LastPosition(SqliteConnection connection) => Read(connection, LastPositionQuery, null);

    /// <summary>Behind what is there: an older agent may have made its table beside ours, with positions that are taken.</summary>
    private static void TakeOver(SqliteConnection connection, SqliteTransaction transaction, string source)
    {
        var old = $"WITH old AS ({source})";
        var offset = Read(connection, LastPositionQuery, transaction);
        Execute(
            connection,
            $"""
            INSERT INTO boots (first, boot) {old} SELECT min(position) + $offset, boot FROM old GROUP BY boot;
            INSERT INTO confirmed (first, last, at) {old}
                SELECT min(position) + $offset, max(position) + $offset, max(confirmed_at)
                FROM (SELECT position, confirmed_at, position - row_number() OVER (ORDER BY position) AS run FROM old WHERE confirmed_at IS NOT NULL)
                GROUP BY run;
            INSERT INTO entries (position, sequence, json) {old} SELECT position + $offset, sequence, json FROM old ORDER BY position;
            """,
            transaction, ("$offset", offset));
    }

    private static void Execute(
        SqliteConnection connection, string sql, SqliteTransaction? transaction = null, params ReadOnlySpan<(string Name, long Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    private static long Read(SqliteConnection connection, string sql, SqliteTransaction? transaction)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return (long)command.ExecuteScalar()!;
    }
}
