namespace Platform.GpuWorker.RequestLog;

internal enum RequestOutcome
{
    /// <summary>Validated and given to the engine; a line with another outcome follows unless the process dies.</summary>
    Accepted,

    /// <summary>All tokens were produced; written before the answer's last byte goes out.</summary>
    Finished,

    /// <summary>The caller went away.</summary>
    Aborted,

    /// <summary>The worker cut the answer.</summary>
    Failed,

    /// <summary>Refused; the engine never saw it.</summary>
    Rejected,
}

/// <summary>What the log says about one request. Ends once; what comes after the first end is ignored.</summary>
internal sealed class RequestEntry(RequestLogWriter log, string? id, DateTimeOffset at)
{
    private bool _ended;

    /// <summary>The caller's <c>x-request-id</c>.</summary>
    public string? Id => id;

    /// <summary>When the request came.</summary>
    public DateTimeOffset At => at;

    public string? Model { get; set; }

    public bool Stream { get; set; }

    public int PromptTokens { get; set; }

    public int CachedTokens { get; set; }

    /// <summary>Tokens handed to the connection: all of a finished answer, those in the events written of a cut one.</summary>
    public int CompletionTokens { get; set; }

    public void Accept() => log.Write(this, RequestOutcome.Accepted, null);

    /// <param name="status">The HTTP status; 499 when the caller left before there was one.</param>
    public void End(RequestOutcome outcome, int status)
    {
        if (_ended)
            return;
        _ended = true;
        log.Write(this, outcome, status);
    }
}
