using System.Buffers;
using System.Text.Json;

namespace Platform.GpuWorker.RequestLog;

/// <summary>Appends JSON lines to a file, each in one write to the operating system; without a path it does nothing.</summary>
internal sealed class RequestLogWriter(string? path, TimeProvider time) : IDisposable
{
    // Unbuffered: a line that was written survives the process.
    private readonly FileStream? _file = path is null
        ? null
        : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Lock _gate = new();

    /// <summary>An entry for a request that has just come.</summary>
    public RequestEntry Begin(HttpContext context) =>
        new(this, context.Request.Headers["x-request-id"] is [var id, ..] ? id : null, time.GetUtcNow());

    public void Write(RequestEntry entry, RequestOutcome outcome, int? status)
    {
        if (_file is null)
            return;
        lock (_gate)
        {
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line))
                WriteMembers(json, entry, outcome, status);
            _line.Write("\n"u8);
            _file.Write(_line.WrittenSpan);
        }
    }

    public void Dispose() => _file?.Dispose();

    private void WriteMembers(Utf8JsonWriter json, RequestEntry entry, RequestOutcome outcome, int? status)
    {
        json.WriteStartObject();
        json.WriteString("id", entry.Id);
        json.WriteString("at", time.GetUtcNow());
        json.WriteString("model", entry.Model);
        json.WriteNumber("promptTokens", entry.PromptTokens);
        json.WriteNumber("cachedTokens", entry.CachedTokens);
        json.WriteNumber("completionTokens", entry.CompletionTokens);
        json.WriteBoolean("stream", entry.Stream);
        json.WriteString("outcome", outcome.ToString().ToLowerInvariant());
        if (status is { } code)
            json.WriteNumber("status", code);
        json.WriteEndObject();
    }
}
