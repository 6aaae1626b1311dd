using Npgsql;
using Platform.Contracts.Ids;

namespace Platform.Control.Delivery;

/// <summary>
/// Tells agents what changed. Of several Controls one publishes; the others stand by and take over when its database
/// session ends. It wakes at each commit (NOTIFY) and every half second, when each group also hears its head.
/// </summary>
internal sealed class ConfigPublisher(
    PublisherSessions sessions,
    ConfigBroadcast broadcast,
    TimeProvider time,
    DeliveryMeter meter,
    ILogger<ConfigPublisher> log) : BackgroundService
{
    public static readonly TimeSpan HeadInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Groups that the last round could not tell.</summary>
    private readonly HashSet<AgentGroupName> _unheard = [];
    private volatile bool _isActive;

    /// <summary>True while this Control is the one that publishes.</summary>
    public bool IsActive => _isActive;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var session = await sessions.OpenAsync(stoppingToken);
                _isActive = true;
                await PublishAsync(session, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.PublisherInterrupted(e);
            }
            finally
            {
                _isActive = false;
            }
            await Task.Delay(RetryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Until the session breaks, or for ever.</summary>
    private async Task PublishAsync(PublisherSession session, CancellationToken ct)
    {
        log.PublisherActive(session.Epoch);
        var told = new PublishedRevisions();
        while (true)
        {
            var next = time.GetUtcNow() + HeadInterval;
            await TellAsync(session, told, headsToo: true, ct);
            while (next - time.GetUtcNow() is { Ticks: > 0 } left && await session.WaitForChangeAsync(left, ct))
                await TellAsync(session, told, headsToo: false, ct);
        }
    }

    /// <summary>
    /// One round over all groups. One that cannot be told does not keep the others waiting: its agents may have broken its
    /// exchange. After a second one the broker itself is taken to be away, and the next round begins anew.
    /// </summary>
    private async Task TellAsync(PublisherSession session, PublishedRevisions told, bool headsToo, CancellationToken ct)
    {
        var failures = 0;
        foreach (var (group, head) in await session.HeadsAsync(ct))
        {
            var from = told.ChangeFrom(group, head);
            if (from is null && !headsToo)
                continue;
            try
            {
                if (from is { } revision)
                    await SendChangeAsync(session, group, revision, head, ct);
                told.Told(group, head);
                await broadcast.SendHeadAsync(group, session.Epoch, head, ct);
                if (_unheard.Remove(group))
                    log.BrokerBack(group);
            }
            catch (Exception e) when (e is not (OperationCanceledException or NpgsqlException))
            {
                meter.PublishFailed();
                if (_unheard.Add(group))
                    log.PublishFailed(e, group);
                if (++failures > 1)
                    return;
            }
        }
    }

    private async Task SendChangeAsync(PublisherSession session, AgentGroupName group, long from, long head, CancellationToken ct)
    {
        var resources = await session.ChangesAsync(group, from, head, ct);
        await broadcast.SendChangedAsync(group, session.Epoch, from, head, resources, ct);
        meter.Published(resources.Count);
        log.Published(group, from, head, resources.Count);
    }
}
