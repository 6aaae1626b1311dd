using Microsoft.Data.Sqlite;

namespace Platform.Gateway.Metering;

/// <summary>The tables of the journal's file.</summary>
internal static class JournalSchema
{
    /// <summary>
    /// A record is in one of both tables. Positions are given by the writer and rise over all boots; the sequences of a
    /// boot rise with them, so that nothing but the position needs an order in <c>pending</c>.
    /// </summary>
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS pending (position INTEGER PRIMARY KEY, boot TEXT NOT NULL, sequence INTEGER NOT NULL, json BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS kept (
            position INTEGER PRIMARY KEY, boot TEXT NOT NULL, sequence INTEGER NOT NULL, confirmed_at INTEGER NOT NULL, json BLOB NOT NULL,
            UNIQUE (boot, sequence));
        CREATE INDEX IF NOT EXISTS kept_confirmed ON kept (confirmed_at);
        CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL);
        """;

    /// <summary>
    /// Journals had one table before they had two; what is in it may be known to nobody else. An older agent may have made it
    /// beside the two, with positions that are taken.
    /// </summary>
    private const string FromOneTable = """
        INSERT INTO pending (position, boot, sequence, json) SELECT $base + position, boot, sequence, json FROM records WHERE confirmed_at IS NULL;
        INSERT INTO kept (position, boot, sequence, confirmed_at, json)
            SELECT $base + position, boot, sequence, confirmed_at, json FROM records WHERE confirmed_at IS NOT NULL;
        DROP TABLE records;
        """;

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
        if (Read(connection, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'records'", transaction) > 0)
            Execute(connection, FromOneTable, transaction, ("$base", LastPosition(connection, transaction)));
        transaction.Commit();
    }

    public static long LastPosition(SqliteConnection connection, SqliteTransaction? transaction = null) =>
        Read(connection, "SELECT max(coalesce((SELECT max(position) FROM pending), 0), coalesce((SELECT max(position) FROM kept), 0))", transaction);

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
