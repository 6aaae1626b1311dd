using System.Collections.Concurrent;
using System.Net;

namespace Platform.Gateway.Tests.World;

/// <summary>
/// A fixed number of callers that ask one after another until they are told to stop, every second request streamed. What
/// fails is kept with all that its caller saw.
/// </summary>
internal sealed class Callers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<CallOutcome> _outcomes = new();
    private readonly Func<bool, Task<HttpResponseMessage>> _send;
    private readonly Task _running;

    /// <param name="send">Sends a request, streamed or not, and returns with the answer's head.</param>
    public Callers(int count, Func<bool, Task<HttpResponseMessage>> send)
    {
        _send = send;
        _running = Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => CallAsync(i))));
    }

    public IReadOnlyCollection<CallOutcome> Outcomes => _outcomes;

    public IEnumerable<CallOutcome> Failed => _outcomes.Where(o => !o.IsWhole);

    /// <summary>Until so many more requests have ended, however they ended.</summary>
    public Task MoreAsync(int count)
    {
        var goal = _outcomes.Count + count;
        return Until.TrueAsync(() => _outcomes.Count >= goal || _running.IsCompleted);
    }

    /// <summary>Lets running requests end.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task CallAsync(int caller)
    {
        for (var i = caller; !_stop.IsCancellationRequested; i++)
            _outcomes.Enqueue(await AskAsync(streamed: i % 2 == 0));
    }

    private async Task<CallOutcome> AskAsync(bool streamed)
    {
        var outcome = new CallOutcome(streamed, null, null, "", null);
        try
        {
            using var response = await _send(streamed);
            outcome = outcome with { Status = response.StatusCode };
            if (response.Headers.TryGetValues("x-request-id", out var ids))
                outcome = outcome with { RequestId = ids.Single() };
            return outcome with { Body = await response.Content.ReadAsStringAsync(CancellationToken.None) };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return outcome with { Failure = e };
        }
    }
}

/// <summary>What a caller saw of one request.</summary>
internal sealed record CallOutcome(bool Streamed, HttpStatusCode? Status, string? RequestId, string Body, Exception? Failure)
{
    private static readonly string[] Ends = ["data: [DONE]\n\n", "{\"type\":\"message_stop\"}\n\n", "\"total_tokens\":13}}}\n\n"];

    public bool IsWhole => Failure is null && Status == HttpStatusCode.OK && !Body.Contains("\"error\"", StringComparison.Ordinal)
        && (Streamed ? Ends.Any(e => Body.EndsWith(e, StringComparison.Ordinal)) : Body.EndsWith('}'));
}
