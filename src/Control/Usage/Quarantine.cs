using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Bus;
using Platform.Control.Data;

namespace Platform.Control.Usage;

/// <summary>
/// Where goes what can never be stored, for a person to look at. The row's id comes from its content, so that a message
/// that comes twice is kept once.
/// </summary>
internal sealed class Quarantine(Database database, TimeProvider time, UsageMeter meter, ILogger<Quarantine> log)
{
    /// <summary>What a stranger may leave behind.</summary>
    private const int MaxBody = 64 * 1024;

    /// <summary>Above the largest batch: what an agent sent and cannot send again is kept whole.</summary>
    private const int MaxAgentBody = 1024 * 1024;

    /// <summary>Keeps a whole message.</summary>
    public async Task KeepAsync(AgentMessage message, string reason, CancellationToken ct)
    {
        var bound = reason is QuarantineReasons.AgentRevoked or QuarantineReasons.Unexpected ? MaxAgentBody : MaxBody;
        var row = new RefusedRecord(reason, message.Body[..Math.Min(message.Body.Length, bound)].ToArray(), null, null);
        await database.InIngestAsync((db, token) => InsertAsync(db, message.Sender, [row], time.GetUtcNow(), token), ct);
        Report(message.Sender, [row]);
    }

    /// <summary>Keeps single records, in the transaction that stores the rest of their batch.</summary>
    /// <returns>How many are new.</returns>
    public static async Task<int> InsertAsync(
        ControlDb db, AgentId? agent, IReadOnlyList<RefusedRecord> records, DateTimeOffset receivedAt, CancellationToken ct)
    {
        if (records.Count == 0)
            return 0;
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO usage_quarantine (id, agent_id, received_at, reason, body)
            SELECT id, $1, $2, reason, body FROM unnest($3, $4, $5) AS t (id, reason, body) ORDER BY id
            ON CONFLICT (id) DO NOTHING
            """,
            (NpgsqlConnection)db.Database.GetDbConnection());
        command.Parameters.Add(new() { Value = agent is { } id ? id.Value : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = receivedAt.UtcDateTime });
        command.Parameters.Add(new() { Value = records.Select(r => IdOf(agent, r)).ToArray() });
        command.Parameters.Add(new() { Value = records.Select(r => r.Reason).ToArray() });
        command.Parameters.Add(new() { Value = records.Select(r => r.Body).ToArray() });
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Alarms: a metric to alert on and a line for each reason, without the content.</summary>
    public void Report(AgentId? agent, IReadOnlyList<RefusedRecord> records)
    {
        foreach (var reason in records.CountBy(r => r.Reason))
        {
            meter.Quarantined(reason.Value, reason.Key);
            log.Quarantined(reason.Value, agent, reason.Key);
        }
    }

    private static Guid IdOf(AgentId? agent, RefusedRecord record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData((agent?.Value ?? Guid.Empty).ToByteArray());
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(record.Reason + "\n"));
        hash.AppendData(record.Body);
        return new(hash.GetHashAndReset().AsSpan(0, 16));
    }
}

internal static class QuarantineReasons
{
    public const string Unreadable = "unreadable";
    public const string AgentUnknown = "agent_unknown";
    public const string AgentRevoked = "agent_revoked";
    public const string AgentIsNotSender = "agent_is_not_sender";
    public const string SignatureInvalid = "signature_invalid";
    public const string TenantNotServed = "tenant_not_served";
    public const string RefusedByDatabase = "refused_by_database";
    public const string Unexpected = "unexpected_failure";
}
