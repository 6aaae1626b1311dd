using CsvHelper;
using Platform.Contracts.Usage;

namespace Platform.Control.Usage;

/// <summary>
/// Usage as CSV: RFC 4180, UTF-8, a header, one row a record, times in ISO 8601 and UTC. Texts that a spreadsheet would
/// run as a formula get a leading apostrophe (OWASP, CSV injection).
/// </summary>
internal static class UsageCsv
{
    public const string ContentType = "text/csv; charset=utf-8; header=present";

    private const string Time = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    private static readonly CsvWriterOptions Options = CsvWriterOptions.Default with
    {
        Injection = CsvInjection.Escape,
        TrueValue = "true",
        FalseValue = "false",
    };

    private static readonly string[] Columns =
    [
        "id", "started_at", "tenant_id", "project_id", "api_key_id", "model_asked", "model_served", "pool_id", "endpoint_id",
        "operation", "streamed", "input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens",
        "audio_tokens", "usage_source", "status", "error_code", "finish_reason", "queue_ms", "first_token_ms", "total_ms", "tries",
        "agent_id", "boot_id", "sequence", "config_revision", "corrects", "output_audio_tokens", "images", "audio_seconds", "characters",
        "cached", "attempts",
    ];

    /// <summary>Writes as it reads: memory does not grow with the number of records.</summary>
    /// <returns>The number of records.</returns>
    public static async Task<long> WriteAsync(Stream output, IAsyncEnumerable<UsageRecord> records, CancellationToken ct)
    {
        await using var csv = CsvWriter.Create(output, Options, leaveOpen: true);
        foreach (var column in Columns)
            csv.WriteField(column);
        await csv.EndRecordAsync(ct);
        var count = 0L;
        await foreach (var record in records.WithCancellation(ct))
        {
            Write(csv, record);
            await csv.EndRecordAsync(ct);
            count++;
        }
        await csv.FlushAsync(ct);
        return count;
    }

    private static void Write(CsvWriter csv, UsageRecord r)
    {
        csv.WriteField(r.Id.Value);
        csv.WriteField(r.StartedAt.UtcDateTime, Time);
        csv.WriteField(r.TenantId.Value);
        csv.WriteField(r.ProjectId.Value);
        csv.WriteField(r.ApiKeyId?.Value);
        csv.WriteField(r.ModelAsked);
        csv.WriteField(r.ModelServed);
        csv.WriteField(r.PoolId.Value);
        csv.WriteField(r.EndpointId.Value);
        csv.WriteField(r.Operation);
        csv.WriteField(r.Streamed);
        csv.WriteField(r.InputTokens);
        csv.WriteField(r.CachedInputTokens);
        csv.WriteField(r.CacheWriteTokens);
        csv.WriteField(r.OutputTokens);
        csv.WriteField(r.ReasoningTokens);
        csv.WriteField(r.AudioTokens);
        csv.WriteField(r.UsageSource);
        csv.WriteField(r.Status);
        csv.WriteField(r.ErrorCode);
        csv.WriteField(r.FinishReason);
        csv.WriteField(r.QueueMs);
        csv.WriteField(r.FirstTokenMs);
        csv.WriteField(r.TotalMs);
        csv.WriteField(r.Tries);
        csv.WriteField(r.AgentId.Value);
        csv.WriteField(r.BootId.Value);
        csv.WriteField(r.Sequence);
        csv.WriteField(r.ConfigRevision);
        csv.WriteField(r.Corrects?.Value);
        csv.WriteField(r.OutputAudioTokens);
        csv.WriteField(r.Images);
        csv.WriteField(r.AudioSeconds);
        csv.WriteField(r.Characters);
        csv.WriteField(r.Cached);
        csv.WriteField(AttemptsText.Of(r));
    }
}
