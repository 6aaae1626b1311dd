using System.Text.Json;
using CsvHelper;
using Platform.Contracts.Api;

namespace Platform.Control.Audit;

/// <summary>
/// A trail as a file, written as it is read. CSV as usage's: RFC 4180, UTF-8, a header, and texts that a spreadsheet
/// would run as a formula get a leading apostrophe (OWASP, CSV injection). JSON lines: an event of the API a line.
/// </summary>
internal static class AuditFiles
{
    private const string Time = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    private static readonly CsvWriterOptions Options = CsvWriterOptions.Default with { Injection = CsvInjection.Escape };

    private static readonly string[] Columns =
    [
        "id", "tenant_id", "at", "actor", "actor_kind", "actor_name", "address", "user_agent", "outcome", "action", "target", "before", "after", "details",
    ];

    public static async Task WriteCsvAsync(Stream output, IAsyncEnumerable<AuditEventAnswer> events, CancellationToken ct)
    {
        await using var csv = CsvWriter.Create(output, Options, leaveOpen: true);
        foreach (var column in Columns)
            csv.WriteField(column);
        await csv.EndRecordAsync(ct);
        await foreach (var e in events.WithCancellation(ct))
        {
            Write(csv, e);
            await csv.EndRecordAsync(ct);
        }
        await csv.FlushAsync(ct);
    }

    public static async Task WriteJsonLinesAsync(Stream output, IAsyncEnumerable<AuditEventAnswer> events, CancellationToken ct)
    {
        await foreach (var e in events.WithCancellation(ct))
        {
            await JsonSerializer.SerializeAsync(output, e, JsonSerializerOptions.Web, ct);
            await output.WriteAsync("\n"u8.ToArray(), ct);
        }
    }

    private static void Write(CsvWriter csv, AuditEventAnswer e)
    {
        csv.WriteField(e.Id);
        csv.WriteField(e.TenantId.Value);
        csv.WriteField(e.At.UtcDateTime, Time);
        csv.WriteField(e.Actor);
        csv.WriteField(e.ActorKind);
        csv.WriteField(e.ActorName);
        csv.WriteField(e.Address);
        csv.WriteField(e.UserAgent);
        csv.WriteField(e.Outcome);
        csv.WriteField(e.Action);
        csv.WriteField(e.Target);
        csv.WriteField(e.Before?.GetRawText());
        csv.WriteField(e.After?.GetRawText());
        csv.WriteField(e.Details?.GetRawText());
    }
}
