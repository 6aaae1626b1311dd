using Npgsql;
using Platform.Contracts.Usage;

namespace Platform.Control.Usage;

/// <summary>
/// Records and their totals. Everything is written in the order of its keys, and the tables always in the same order, so
/// that two batches at a time wait for each other but never in a circle.
/// </summary>
internal static class LedgerInsert
{
    private const string Sums = $"requests, errors, cached_answers, {UsageCopy.UnitColumns}";

    private static readonly string[] SumColumns = Sums.Split([',', ' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private const string Insert =
        $"""
        WITH stored AS (
            INSERT INTO usage_records ({UsageCopy.Columns})
            SELECT {UsageCopy.Columns} FROM incoming ORDER BY tenant_id, day, id
            ON CONFLICT (tenant_id, day, id) DO NOTHING
            RETURNING tenant_id, day, started_at, project_id, api_key_id, model_asked, status, cached, {UsageCopy.UnitColumns})
        INSERT INTO fresh
        SELECT tenant_id, day, date_trunc('hour', started_at, 'UTC'), project_id,
            coalesce(api_key_id, '00000000-0000-0000-0000-000000000000'), model_asked, status >= 400, cached, {UsageCopy.UnitColumns}
        FROM stored
        """;

    private const string CreateFresh =
        $"""
        CREATE TEMP TABLE fresh ON COMMIT DROP AS
        SELECT tenant_id, day, started_at AS hour, project_id, api_key_id, model_asked AS model, streamed AS failed, cached, {UsageCopy.UnitColumns}
        FROM usage_records WITH NO DATA
        """;

    private const string TouchKeys =
        """
        SELECT touch_api_keys(array_agg(tenant_id), array_agg(api_key_id), array_agg(used))
        FROM (SELECT tenant_id, api_key_id, max(started_at) AS used FROM incoming WHERE api_key_id IS NOT NULL GROUP BY 1, 2) AS k
        """;

    private static readonly string UpsertHours = Upsert("usage_hourly", "hour");
    private static readonly string UpsertDays = Upsert("usage_daily", "day");

    /// <summary>How many were new.</summary>
    public static async Task<int> RunAsync(NpgsqlConnection connection, IReadOnlyList<UsageRecord> records, DateTimeOffset receivedAt, CancellationToken ct)
    {
        await UsageCopy.CopyAsync(connection, records, receivedAt, ct);
        await ExecuteAsync(connection, CreateFresh, ct);
        var stored = await ExecuteAsync(connection, Insert, ct);
        if (stored == 0)
            return 0;
        await ExecuteAsync(connection, UpsertHours, ct);
        await ExecuteAsync(connection, UpsertDays, ct);
        await ExecuteAsync(connection, TouchKeys, ct);
        return stored;
    }

    /// <summary>Units of answers from a cache are those of the answer when it was made, and were summed up then.</summary>
    private static string Upsert(string table, string bucket) =>
        $"""
        INSERT INTO {table} AS t (tenant_id, {bucket}, project_id, api_key_id, model, {Sums})
        SELECT tenant_id, {bucket}, project_id, api_key_id, model, {string.Join(", ", SumColumns.Select(SumOf))}
        FROM fresh GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (tenant_id, {bucket}, project_id, api_key_id, model) DO UPDATE SET
            {string.Join(", ", SumColumns.Select(c => $"{c} = t.{c} + excluded.{c}"))}
        """;

    private static string SumOf(string column) => column switch
    {
        "requests" => "count(*)",
        "errors" => "count(*) FILTER (WHERE failed)",
        "cached_answers" => "count(*) FILTER (WHERE cached)",
        _ => $"coalesce(sum({column}) FILTER (WHERE NOT cached), 0)",
    };

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(ct);
    }
}
