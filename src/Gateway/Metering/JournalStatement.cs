using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Platform.Gateway.Metering;

/// <summary>
/// A statement that is prepared once and run for each record, by SQLite's own interface: a command of the library above it
/// makes a reader and boxes its values each time, which costs more than the statement.
/// </summary>
internal sealed class JournalStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">The statement is wrong.</exception>
    public JournalStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement), _database);
    }

    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(_statement, parameter, value));

    public void Bind(int parameter, string value) => Check(raw.sqlite3_bind_text(_statement, parameter, value));

    public void Bind(int parameter, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(_statement, parameter, value));

    /// <summary>Runs it to its end, and leaves it ready for the next time. The sum of its rows' first column.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public long Run()
    {
        long sum = 0;
        int code;
        while ((code = raw.sqlite3_step(_statement)) == raw.SQLITE_ROW)
            sum += Column(0);
        // What went wrong is said again here; the reset itself does not fail.
        var reset = raw.sqlite3_reset(_statement);
        Check(code == raw.SQLITE_DONE ? reset : code);
        return sum;
    }

    /// <summary>The first three columns of the first row, those that are not there as 0; null where there is no row.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public (long A, long B, long C)? First()
    {
        var code = raw.sqlite3_step(_statement);
        (long, long, long)? row = code == raw.SQLITE_ROW ? (Column(0), Column(1), Column(2)) : null;
        var reset = raw.sqlite3_reset(_statement);
        Check(code is raw.SQLITE_ROW or raw.SQLITE_DONE ? reset : code);
        return row;
    }

    /// <summary>Adds a row for each of its rows: a number, and bytes.</summary>
    /// <param name="isEnough">After a row was added: whether to stop.</param>
    /// <exception cref="SqliteException">It failed.</exception>
    public void ReadInto(List<JournalRow> rows, Func<bool> isEnough)
    {
        int code;
        while ((code = raw.sqlite3_step(_statement)) == raw.SQLITE_ROW)
        {
            rows.Add(new(Column(0), raw.sqlite3_column_blob(_statement, 1).ToArray()));
            if (isEnough())
                break;
        }
        var reset = raw.sqlite3_reset(_statement);
        Check(code is raw.SQLITE_ROW or raw.SQLITE_DONE ? reset : code);
    }

    public void Dispose() => _statement.Dispose();

    private long Column(int index) => raw.sqlite3_column_int64(_statement, index);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(code, _database);
    }
}
