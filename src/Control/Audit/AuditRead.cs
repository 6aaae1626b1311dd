using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Exports;

namespace Platform.Control.Audit;

/// <summary>A trail's events, newest first, one at a time as the database sends them: EF's retrying strategy would hold them all.</summary>
internal static class AuditRead
{
    private const string Query =
        """
        SELECT id, tenant_id, at, actor, actor_kind, actor_name, address, user_agent, outcome, action, target, before::text, after::text, details::text
        FROM audit_events
        WHERE tenant_id = $1
          AND ($2 IS NULL OR actor = $2) AND ($3 IS NULL OR starts_with(action, $3)) AND ($4 IS NULL OR target = $4)
          AND ($5 IS NULL OR outcome = $5) AND ($6 IS NULL OR at >= $6) AND ($7 IS NULL OR at < $7)
        ORDER BY id DESC
        """;

    public static async IAsyncEnumerable<AuditEventAnswer> Events(
        ControlDb db, TenantId trail, AuditQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Query, (NpgsqlConnection)db.Database.GetDbConnection());
        command.Parameters.Add(new() { Value = trail.Value });
        foreach (var text in new[] { query.Actor, query.Action, query.Target, query.Outcome })
            command.Parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        foreach (var instant in new[] { query.From, query.To })
            command.Parameters.Add(new() { Value = (object?)instant?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await foreach (var e in command.RowsAsync(Read, ct))
            yield return e;
    }

    public static AuditEventAnswer Answer(AuditEventRow e) => new(
        e.Id, e.TenantId, e.At, e.Actor, e.ActorKind, e.ActorName, e.Address, e.UserAgent, e.Outcome, e.Action, e.Target, e.Before, e.After, e.Details);

    private static AuditEventAnswer Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        new(row.GetGuid(1)),
        new(row.GetDateTime(2)),
        row.GetString(3),
        row.GetString(4),
        Text(row, 5),
        Text(row, 6),
        Text(row, 7),
        row.GetString(8),
        row.GetString(9),
        row.GetString(10),
        Json(row, 11),
        Json(row, 12),
        Json(row, 13));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static JsonElement? Json(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : JsonElement.Parse(row.GetString(column));
}
