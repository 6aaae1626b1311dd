using Npgsql;
using NpgsqlTypes;
using Platform.Contracts.Usage;

namespace Platform.Control.Usage;

/// <summary>
/// Copies records into a temporary table: COPY into a table with row-level security is refused, and the insert from
/// there is what makes a repeat harmless.
/// </summary>
internal static class UsageCopy
{
    /// <summary>The columns of <c>usage_records</c> in the order they are copied.</summary>
    public const string Columns =
        """
        tenant_id, day, id, agent_id, boot_id, sequence, started_at, received_at, project_id, api_key_id, model_asked,
        model_served, pool_id, endpoint_id, operation, streamed, input_tokens, cached_input_tokens, cache_write_tokens,
        output_tokens, reasoning_tokens, audio_tokens, usage_source, status, error_code, finish_reason, queue_ms,
        first_token_ms, total_ms, tries, config_revision, corrects, output_audio_tokens, images, audio_seconds, characters,
        cached, attempts
        """;

    /// <summary>What is counted, and summed up in the totals.</summary>
    public const string UnitColumns =
        """
        input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, audio_tokens, output_audio_tokens,
        images, audio_seconds, characters
        """;

    private const string Create = $"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {Columns} FROM usage_records WITH NO DATA";

    public static DateOnly Day(UsageRecord record) => DateOnly.FromDateTime(record.StartedAt.UtcDateTime);

    public static async Task CopyAsync(NpgsqlConnection connection, IReadOnlyList<UsageRecord> records, DateTimeOffset receivedAt, CancellationToken ct)
    {
        await using (var create = new NpgsqlCommand(Create, connection))
            await create.ExecuteNonQueryAsync(ct);
        await using var copy = await connection.BeginBinaryImportAsync($"COPY incoming ({Columns}) FROM STDIN (FORMAT BINARY)", ct);
        foreach (var record in records)
        {
            await copy.StartRowAsync(ct);
            await WriteWhoAsync(copy, record, receivedAt, ct);
            await WriteWhatAsync(copy, record, ct);
            await WriteHowAsync(copy, record, ct);
            await WriteMoreAsync(copy, record, ct);
        }
        await copy.CompleteAsync(ct);
    }

    private static async Task WriteWhoAsync(NpgsqlBinaryImporter copy, UsageRecord r, DateTimeOffset receivedAt, CancellationToken ct)
    {
        await copy.WriteAsync(r.TenantId.Value, NpgsqlDbType.Uuid, ct);
        await copy.WriteAsync(Day(r), NpgsqlDbType.Date, ct);
        await copy.WriteAsync(r.Id.Value, NpgsqlDbType.Uuid, ct);
        await copy.WriteAsync(r.AgentId.Value, NpgsqlDbType.Uuid, ct);
        await copy.WriteAsync(r.BootId.Value, NpgsqlDbType.Uuid, ct);
        await copy.WriteAsync(r.Sequence, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(r.StartedAt.UtcDateTime, NpgsqlDbType.TimestampTz, ct);
        await copy.WriteAsync(receivedAt.UtcDateTime, NpgsqlDbType.TimestampTz, ct);
        await copy.WriteAsync(r.ProjectId.Value, NpgsqlDbType.Uuid, ct);
        await WriteAsync(copy, r.ApiKeyId?.Value, NpgsqlDbType.Uuid, ct);
    }

    private static async Task WriteWhatAsync(NpgsqlBinaryImporter copy, UsageRecord r, CancellationToken ct)
    {
        await copy.WriteAsync(r.ModelAsked, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(r.ModelServed, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(r.PoolId.Value, NpgsqlDbType.Uuid, ct);
        await copy.WriteAsync(r.EndpointId.Value, NpgsqlDbType.Uuid, ct);
        await copy.WriteAsync(r.Operation, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(r.Streamed, NpgsqlDbType.Boolean, ct);
        long[] tokens = [r.InputTokens, r.CachedInputTokens, r.CacheWriteTokens, r.OutputTokens, r.ReasoningTokens, r.AudioTokens];
        foreach (var count in tokens)
            await copy.WriteAsync(count, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(r.UsageSource, NpgsqlDbType.Text, ct);
    }

    private static async Task WriteHowAsync(NpgsqlBinaryImporter copy, UsageRecord r, CancellationToken ct)
    {
        await copy.WriteAsync(r.Status, NpgsqlDbType.Integer, ct);
        await WriteAsync(copy, r.ErrorCode, ct);
        await WriteAsync(copy, r.FinishReason, ct);
        await copy.WriteAsync(r.QueueMs, NpgsqlDbType.Double, ct);
        await WriteAsync(copy, r.FirstTokenMs, NpgsqlDbType.Double, ct);
        await copy.WriteAsync(r.TotalMs, NpgsqlDbType.Double, ct);
        await copy.WriteAsync(r.Tries, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(r.ConfigRevision, NpgsqlDbType.Bigint, ct);
        await WriteAsync(copy, r.Corrects?.Value, NpgsqlDbType.Uuid, ct);
    }

    private static async Task WriteMoreAsync(NpgsqlBinaryImporter copy, UsageRecord r, CancellationToken ct)
    {
        await copy.WriteAsync(r.OutputAudioTokens, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(r.Images, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(r.AudioSeconds, NpgsqlDbType.Double, ct);
        await copy.WriteAsync(r.Characters, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(r.Cached, NpgsqlDbType.Boolean, ct);
        if (AttemptsText.Of(r) is { } attempts)
            await copy.WriteAsync(attempts, NpgsqlDbType.Jsonb, ct);
        else
            await copy.WriteNullAsync(ct);
    }

    private static Task WriteAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken ct)
        where T : struct => value is { } present ? copy.WriteAsync(present, type, ct) : copy.WriteNullAsync(ct);

    private static Task WriteAsync(NpgsqlBinaryImporter copy, string? value, CancellationToken ct) =>
        value is null ? copy.WriteNullAsync(ct) : copy.WriteAsync(value, NpgsqlDbType.Text, ct);
}
