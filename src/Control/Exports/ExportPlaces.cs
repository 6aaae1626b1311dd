using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;

namespace Platform.Control.Exports;

/// <summary>The places of exports: few, so that they leave connections to everything else.</summary>
internal sealed class ExportPlaces(ExportSettings settings, TimeProvider time, ILogger<ExportPlaces> logger)
{
    private const string RetryAfterSeconds = "10";

    private static readonly Failure Refusal = new(
        StatusCodes.Status429TooManyRequests, ProblemCodes.TooManyExports, "Too many exports at a time: try again when another one has ended.");

    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, int> _taken = [];
    private int _all;

    /// <param name="http">Is told when to try again where there is no place.</param>
    /// <param name="of">Whose export it is; the platform's where an operator asks.</param>
    /// <param name="place">To be disposed when the export has ended, however.</param>
    /// <param name="refusal">What to answer where there is no place.</param>
    public bool TryTake(HttpContext http, TenantId of, [NotNullWhen(true)] out ExportPlace? place, [NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        lock (_lock)
        {
            var taken = _taken.GetValueOrDefault(of);
            if (_all < settings.AtOnce && taken < settings.AtOnceForTenant)
            {
                _all++;
                _taken[of] = taken + 1;
                (place, refusal) = (new(() => GiveBack(of), settings, time, logger), null);
                return true;
            }
        }
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        (place, refusal) = (null, Refusal.ToProblem());
        return false;
    }

    private void GiveBack(TenantId of)
    {
        lock (_lock)
        {
            _all--;
            if (_taken[of] > 1)
                _taken[of]--;
            else
                _taken.Remove(of);
        }
    }
}

/// <summary>The place of one export.</summary>
internal sealed class ExportPlace(Action giveBack, ExportSettings settings, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>A reader that is slower than this has to ask for less: an export holds a transaction open.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    /// <summary>Writes the answer's body. One that is cut ends the connection, so that nobody takes it for a whole one.</summary>
    public async Task WriteAsync(HttpContext http, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        await using var output = new PacedStream(http.Response.Body, settings, time);

        // Whatever it is that the stopped query, or a writer's last flush, throws after that.
        try
        {
            await write(output, deadline.Token);
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(ct);
        }
        catch (Exception) when (http.Response.HasStarted && (output.IsCut || deadline.IsCancellationRequested))
        {
            logger.Cut(http.Request.Path);
            http.Abort();
        }
    }

    public void Dispose() => giveBack();
}
