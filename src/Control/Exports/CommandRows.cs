using System.Runtime.CompilerServices;
using Npgsql;

namespace Platform.Control.Exports;

internal static class CommandRows
{
    /// <summary>
    /// The rows as the database sends them. Where not all of them are taken, the query is stopped: a reader that is closed
    /// would else read all that is left, and keep its connection until then.
    /// </summary>
    public static async IAsyncEnumerable<T> RowsAsync<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var taken = false;
            try
            {
                yield return read(reader);
                taken = true;
            }
            finally
            {
                if (!taken)
                    await Task.Run(command.Cancel, CancellationToken.None);
            }
        }
    }
}
