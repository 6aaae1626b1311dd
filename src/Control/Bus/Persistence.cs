using System.Net.Sockets;
using Npgsql;
using Platform.Control.Data;

namespace Platform.Control.Bus;

/// <summary>
/// Tries again until it is done: while the database is away a message stays where it is, unacknowledged. What fails for
/// another reason is given up after a few attempts, so that one message cannot hold up the queue.
/// </summary>
internal sealed class Persistence(TimeProvider time, BusMeter meter, ILogger<Persistence> log)
{
    private const int AttemptsOfTheUnexpected = 5;
    private const int LogEvery = 10;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <param name="work">Safe to repeat.</param>
    /// <param name="giveUp">What to do instead when the fault is not the database's.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="ct"/> is cancelled.</exception>
    public async Task UntilDoneAsync(Func<CancellationToken, Task> work, Func<CancellationToken, Task> giveUp, CancellationToken ct)
    {
        var unexpected = 0;
        var wait = First;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await (unexpected < AttemptsOfTheUnexpected ? work(ct) : giveUp(ct));
                if (attempt > LogEvery)
                    log.HandlingGoesOn(attempt - 1);
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                meter.Failed();
                if (!IsDatabaseTrouble(e) && ++unexpected == AttemptsOfTheUnexpected)
                    log.HandlingGivenUp(e);
                else if (attempt == 1 || attempt % LogEvery == 0)
                    log.HandlingFailed(e, attempt);
            }
            await Task.Delay(wait, time, ct);
            wait = wait * 2 < Longest ? wait * 2 : Longest;
        }
    }

    private static bool IsDatabaseTrouble(Exception? e) =>
        e is not null && (e is NpgsqlException or TimeoutException or SocketException or CommitUnknownException || IsDatabaseTrouble(e.InnerException));
}
