using Npgsql;
using NpgsqlTypes;

namespace Platform.Bench.Seeding;

/// <summary>
/// Loads rows by COPY into a temporary table and inserts from there: COPY into a table with row-level security is refused,
/// also to its owner.
/// </summary>
internal sealed class TableLoad(string table, params (string Name, NpgsqlDbType Type)[] columns)
{
    private readonly string _names = string.Join(", ", columns.Select(c => c.Name));

    /// <param name="rows">Values in the order of the columns.</param>
    /// <returns>The number of rows.</returns>
    public async Task<int> LoadAsync(NpgsqlConnection connection, IEnumerable<object?[]> rows)
    {
        await ExecuteAsync(connection, $"CREATE TEMP TABLE incoming AS SELECT {_names} FROM {table} WITH NO DATA");
        await using (var copy = await connection.BeginBinaryImportAsync($"COPY incoming ({_names}) FROM STDIN (FORMAT BINARY)"))
        {
            foreach (var row in rows)
            {
                await copy.StartRowAsync();
                foreach (var (value, column) in row.Zip(columns))
                {
                    if (value is null)
                        await copy.WriteNullAsync();
                    else
                        await copy.WriteAsync(value, column.Type);
                }
            }
            await copy.CompleteAsync();
        }
        var count = await ExecuteAsync(connection, $"INSERT INTO {table} ({_names}) SELECT {_names} FROM incoming");
        await ExecuteAsync(connection, "DROP TABLE incoming");
        return count;
    }

    /// <summary>Names of tables and columns are this program's own.</summary>
    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
#pragma warning restore CA2100
        return await command.ExecuteNonQueryAsync();
    }
}
