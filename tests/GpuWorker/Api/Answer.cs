using Platform.GpuWorker.Faults;
using Platform.GpuWorker.RequestLog;
using Platform.GpuWorker.Serving;

namespace Platform.GpuWorker.Api;

/// <summary>One accepted request on its way out.</summary>
/// <param name="Faults">The faults that were on when it came.</param>
/// <param name="UsageOn">Whether answers carry usage at all.</param>
/// <param name="Left">Cancelled when the caller leaves or the worker stops.</param>
internal sealed record Answer(
    HttpContext Context, GenerationRequest Request, RequestEntry Entry, FaultSet Faults, bool UsageOn, CancellationToken Left)
{
    private static readonly TimeSpan SendGrace = TimeSpan.FromMilliseconds(20);

    public string Id { get; } = (Request.Kind == GenerationKind.Chat ? "chatcmpl-" : "cmpl-") + (Entry.Id ?? Guid.NewGuid().ToString("N"));

    public string Model => Entry.Model ?? "";

    /// <summary>Unix seconds.</summary>
    public long Created => Entry.At.ToUnixTimeSeconds();

    /// <summary>Ends the log's entry as failed and closes the connection in the middle of the answer.</summary>
    public async Task CutAsync()
    {
        Entry.End(RequestOutcome.Failed, StatusCodes.Status200OK);
        // Aborting drops what the server has not handed to the socket yet.
        await Task.Delay(SendGrace, CancellationToken.None);
        Context.Abort();
    }

    /// <summary>The usage of the whole answer.</summary>
    public UsageNumbers Usage(Progress end) => UsageNumbers.Of(Entry.PromptTokens, end.Tokens, end.CachedTokens);
}
