using System.Buffers;
using System.Data;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Data;

namespace Platform.Control.Delivery;

/// <summary>
/// What an agent does not hold yet, as lines of JSON: a head, then a resource a line, all of one snapshot of the
/// database. Rows are written as they are read, so memory does not grow with what is sent.
/// </summary>
internal sealed class CatchUp(Database database, DeliveryMeter meter)
{
    /// <summary>From the first line to the last.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private const int FlushBytes = 32 * 1024;

    private static readonly JsonWriterOptions Trusted = new() { SkipValidation = true };

    /// <param name="after">The revision that the agent holds, 0 for none.</param>
    /// <param name="epoch">The epoch that <paramref name="after"/> belongs to.</param>
    public Task WriteAsync(AgentGroupName group, long after, Guid? epoch, Stream output, CancellationToken ct) =>
        database.StreamInPlatformAsync(
            async (db, token) =>
            {
                await db.Database.ExecuteSqlRawAsync("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", token);
                var connection = (NpgsqlConnection)db.Database.GetDbConnection();
                var head = await HeadAsync(connection, group, after, epoch, token);
                var count = await WriteAsync(connection, head, head.Full ? 0 : after, output, token);
                meter.CaughtUp(count, head.Full);
            },
            ct);

    /// <summary>Also in full when the agent claims a revision that its group has not reached.</summary>
    private static async Task<ConfigCatchUpHead> HeadAsync(NpgsqlConnection connection, AgentGroupName group, long after, Guid? epoch, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT epoch, coalesce((SELECT max(revision) FROM config_resources WHERE group_name = $1), 0) FROM config_head", connection);
        command.Parameters.Add(new() { Value = group.Value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            throw new InvalidOperationException("The database has no config_head row; apply the migrations.");
        var (current, revision) = (reader.GetGuid(0), reader.GetInt64(1));
        return new(group, current, revision, Full: after <= 0 || epoch != current || after > revision);
    }

    private static async Task<long> WriteAsync(NpgsqlConnection connection, ConfigCatchUpHead head, long after, Stream output, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>(FlushBytes * 2);
        buffer.Write(JsonSerializer.SerializeToUtf8Bytes(head, WireJson.Default.ConfigCatchUpHead));
        buffer.Write("\n"u8);
        await using var command = new NpgsqlCommand(
            """
            SELECT kind, key, revision, tenant_id, document::text FROM config_resources
            WHERE group_name = $1 AND revision > $2 AND (document IS NOT NULL OR NOT $3)
            ORDER BY revision
            """,
            connection);
        command.Parameters.Add(new() { Value = head.Group.Value });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = head.Full, NpgsqlDbType = NpgsqlDbType.Boolean });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, ct);
        var count = 0L;
        for (; await reader.ReadAsync(ct); count++)
        {
            WriteLine(reader, buffer);
            if (buffer.WrittenCount >= FlushBytes)
                await FlushAsync(buffer, output, ct);
        }
        await FlushAsync(buffer, output, ct);
        return count;
    }

    /// <summary>A <see cref="ConfigResource"/>; the document goes out as the database wrote it.</summary>
    private static void WriteLine(NpgsqlDataReader row, ArrayBufferWriter<byte> buffer)
    {
        using (var json = new Utf8JsonWriter(buffer, Trusted))
        {
            json.WriteStartObject();
            json.WriteString("kind", row.GetString(0));
            json.WriteString("key", row.GetString(1));
            json.WriteNumber("revision", row.GetInt64(2));
            json.WriteString("tenantId", row.GetGuid(3));
            if (!row.IsDBNull(4))
            {
                json.WritePropertyName("document");
                json.WriteRawValue(row.GetString(4), skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
    }

    private static async Task FlushAsync(ArrayBufferWriter<byte> buffer, Stream output, CancellationToken ct)
    {
        await output.WriteAsync(buffer.WrittenMemory, ct);
        await output.FlushAsync(ct);
        buffer.ResetWrittenCount();
    }
}
