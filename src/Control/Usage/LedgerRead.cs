using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Control.Data;
using Platform.Control.Exports;

namespace Platform.Control.Usage;

/// <summary>The ledger's records, one at a time as the database sends them: EF's retrying strategy would hold them all.</summary>
internal static class LedgerRead
{
    private const string Query =
        """
        SELECT id, agent_id, boot_id, sequence, started_at, tenant_id, project_id, api_key_id, model_asked, model_served, pool_id,
            endpoint_id, operation, streamed, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
            audio_tokens, usage_source, status, error_code, finish_reason, queue_ms, first_token_ms, total_ms, tries,
            config_revision, corrects, output_audio_tokens, images, audio_seconds, characters, cached, attempts
        FROM usage_records
        WHERE tenant_id = $1 AND day >= $2 AND day <= $3 AND started_at >= $4 AND started_at < $5
        ORDER BY started_at, id
        """;

    public static async IAsyncEnumerable<UsageRecord> Records(
        ControlDb db, TenantId tenant, UsagePeriod period, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Query, (NpgsqlConnection)db.Database.GetDbConnection());
        command.Parameters.Add(new() { Value = tenant.Value });
        command.Parameters.Add(new() { Value = DateOnly.FromDateTime(period.From.UtcDateTime) });
        command.Parameters.Add(new() { Value = DateOnly.FromDateTime(period.To.UtcDateTime) });
        command.Parameters.Add(new() { Value = period.From.UtcDateTime });
        command.Parameters.Add(new() { Value = period.To.UtcDateTime });
        await foreach (var record in command.RowsAsync(Read, ct))
            yield return record;
    }

    private static UsageRecord Read(NpgsqlDataReader row) => new()
    {
        Id = new(row.GetGuid(0)),
        AgentId = new(row.GetGuid(1)),
        BootId = new(row.GetGuid(2)),
        Sequence = row.GetInt64(3),
        StartedAt = new(row.GetDateTime(4)),
        TenantId = new(row.GetGuid(5)),
        ProjectId = new(row.GetGuid(6)),
        ApiKeyId = row.IsDBNull(7) ? null : new(row.GetGuid(7)),
        ModelAsked = row.GetString(8),
        ModelServed = row.GetString(9),
        PoolId = new(row.GetGuid(10)),
        EndpointId = new(row.GetGuid(11)),
        Operation = row.GetString(12),
        Streamed = row.GetBoolean(13),
        InputTokens = row.GetInt64(14),
        CachedInputTokens = row.GetInt64(15),
        CacheWriteTokens = row.GetInt64(16),
        OutputTokens = row.GetInt64(17),
        ReasoningTokens = row.GetInt64(18),
        AudioTokens = row.GetInt64(19),
        UsageSource = row.GetString(20),
        Status = row.GetInt32(21),
        ErrorCode = row.IsDBNull(22) ? null : row.GetString(22),
        FinishReason = row.IsDBNull(23) ? null : row.GetString(23),
        QueueMs = row.GetDouble(24),
        FirstTokenMs = row.IsDBNull(25) ? null : row.GetDouble(25),
        TotalMs = row.GetDouble(26),
        Tries = row.GetInt32(27),
        ConfigRevision = row.GetInt64(28),
        Corrects = row.IsDBNull(29) ? null : new(row.GetGuid(29)),
        OutputAudioTokens = row.GetInt64(30),
        Images = row.GetInt64(31),
        AudioSeconds = row.GetDouble(32),
        Characters = row.GetInt64(33),
        Cached = row.GetBoolean(34),
        Attempts = row.IsDBNull(35) ? null : AttemptsText.Read(row.GetString(35)),
    };
}
