using Npgsql;
using Platform.Contracts.Usage;

namespace Platform.Control.Usage;

/// <summary>
/// Records and their totals. Everything is written in the order of its keys, and the tables always in the same order, so
/// that two batches at a time wait for each other but never in a circle.
/// </summary>
internal static class LedgerInsert
{
    private const string Sums = "requests, errors, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, audio_tokens";

    private const string Insert =
        $"""
        WITH stored AS (
            INSERT INTO usage_records ({UsageCopy.Columns})
            SELECT {UsageCopy.Columns} FROM incoming ORDER BY tenant_id, day, id
            ON CONFLICT (tenant_id, day, id) DO NOTHING
            RETURNING tenant_id, day, started_at, project_id, api_key_id, model_asked, status, {UsageCopy.TokenColumns})
        INSERT INTO fresh
        SELECT tenant_id, day, date_trunc('hour', started_at, 'UTC'), project_id,
            coalesce(api_key_id, '00000000-0000-0000-0000-000000000000'), model_asked, status >= 400, {UsageCopy.TokenColumns}
        FROM stored
        """;

    private const string CreateFresh =
        $"""
        CREATE TEMP TABLE fresh ON COMMIT DROP AS
        SELECT tenant_id, day, started_at AS hour, project_id, api_key_id, model_asked AS model, streamed AS failed, {UsageCopy.TokenColumns}
        FROM usage_records WITH NO DATA
        """;

    private const string TouchKeys =
        """
        SELECT touch_api_keys(array_agg(tenant_id), array_agg(api_key_id), array_agg(used))
        FROM (SELECT tenant_id, api_key_id, max(started_at) AS used FROM incoming WHERE api_key_id IS NOT NULL GROUP BY 1, 2) AS k
        """;

    /// <summary>How many were new.</summary>
    public static async Task<int> RunAsync(NpgsqlConnection connection, IReadOnlyList<UsageRecord> records, DateTimeOffset receivedAt, CancellationToken ct)
    {
        await UsageCopy.CopyAsync(connection, records, receivedAt, ct);
        await ExecuteAsync(connection, CreateFresh, ct);
        var stored = await ExecuteAsync(connection, Insert, ct);
        if (stored == 0)
            return 0;
        await ExecuteAsync(connection, Upsert("usage_hourly", "hour"), ct);
        await ExecuteAsync(connection, Upsert("usage_daily", "day"), ct);
        await ExecuteAsync(connection, TouchKeys, ct);
        return stored;
    }

    private static string Upsert(string table, string bucket) =>
        $"""
        INSERT INTO {table} AS t (tenant_id, {bucket}, project_id, api_key_id, model, {Sums})
        SELECT tenant_id, {bucket}, project_id, api_key_id, model, count(*), count(*) FILTER (WHERE failed), sum(input_tokens),
            sum(cached_input_tokens), sum(cache_write_tokens), sum(output_tokens), sum(reasoning_tokens), sum(audio_tokens)
        FROM fresh GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (tenant_id, {bucket}, project_id, api_key_id, model) DO UPDATE SET
            requests = t.requests + excluded.requests,
            errors = t.errors + excluded.errors,
            input_tokens = t.input_tokens + excluded.input_tokens,
            cached_input_tokens = t.cached_input_tokens + excluded.cached_input_tokens,
            cache_write_tokens = t.cache_write_tokens + excluded.cache_write_tokens,
            output_tokens = t.output_tokens + excluded.output_tokens,
            reasoning_tokens = t.reasoning_tokens + excluded.reasoning_tokens,
            audio_tokens = t.audio_tokens + excluded.audio_tokens
        """;

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(ct);
    }
}
