using Platform.Contracts.Messages;
using Platform.Gateway.Broker;
using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Metering;

/// <summary>
/// Sends what the journal holds unconfirmed, the oldest first, older boots' records included, one batch at a time, and
/// marks it when the broker has confirmed it. Whatever fails is tried again, for ever, with back-off; nothing is read
/// into memory beyond one batch.
/// </summary>
internal sealed class UsagePublisher(
    Journal journal, AgentPublisher publisher, Agent agent, TimeProvider time, ILogger<UsagePublisher> logger)
    : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var deadline = new CancellationTokenSource(FlushTime, time);
        try
        {
            if (agent.Current is { } enrolled)
            {
                while (await TrySendAsync(enrolled, deadline.Token) == Sent.Batch)
                    continue;
            }
        }
        catch (Exception e)
        {
            Log.FlushFailed(logger, e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var enrolled = await agent.WhenEnrolledAsync(stoppingToken);
        var delay = FirstDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            var sent = Sent.Failed;
            try
            {
                sent = await TrySendAsync(enrolled, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.PublishFailed(logger, e);
            }
            delay = await PauseAsync(sent, delay, stoppingToken);
        }
    }

    private async Task<Sent> TrySendAsync(EnrolledAgent enrolled, CancellationToken token)
    {
        var rows = await journal.ReadAsync(UsageBatch.MaxRecords, UsageBatchBody.MaxBytes);
        if (rows.Count == 0)
            return Sent.Nothing;
        if (!await publisher.TryPublishAsync(BusTopology.Usage, BusTopology.UsageBatchType, UsageBatchBody.Compose(enrolled.Id, rows), token))
            return Sent.Failed;
        await journal.ConfirmAsync(rows);
        return Sent.Batch;
    }

    /// <summary>The delay after the next failure.</summary>
    private async Task<TimeSpan> PauseAsync(Sent sent, TimeSpan delay, CancellationToken token)
    {
        switch (sent)
        {
            case Sent.Nothing:
                await journal.WaitAsync(Idle, token);
                await Task.Delay(Linger, time, token);
                return FirstDelay;
            case Sent.Failed:
                await Task.Delay(delay, time, token);
                return delay * 2 < LastDelay ? delay * 2 : LastDelay;
            default:
                return FirstDelay;
        }
    }

    private enum Sent
    {
        Nothing,
        Batch,
        Failed,
    }
}
