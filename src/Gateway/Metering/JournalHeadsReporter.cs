using System.Text.Json;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Gateway.Broker;
using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Metering;

/// <summary>Tells Control every few seconds, and at the end, how far the journal goes, so that a loss at its end is noticed too.</summary>
internal sealed class JournalHeadsReporter(
    Journal journal, AgentPublisher publisher, Agent agent, TimeProvider time, ILogger<JournalHeadsReporter> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastTime = TimeSpan.FromSeconds(2);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var deadline = new CancellationTokenSource(LastTime, time);
        await ReportAsync(deadline.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
            await ReportAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReportAsync(CancellationToken token)
    {
        try
        {
            // Boot ids are UUIDv7: the greatest is the newest.
            JournalHead[] heads = [.. journal.Heads().OrderByDescending(h => h.BootId.ToString(), StringComparer.Ordinal).Take(JournalHeads.MaxHeads)];
            if (agent.Current is not { } enrolled || heads.Length == 0)
                return;
            var body = JsonSerializer.SerializeToUtf8Bytes(new(enrolled.Id, heads), WireJson.Default.JournalHeads);
            await publisher.TryPublishAsync(BusTopology.Agents, BusTopology.JournalHeadsType, body, token);
        }
        catch (Exception e) when (!token.IsCancellationRequested)
        {
            Log.HeadsFailed(logger, e);
        }
        catch (OperationCanceledException)
        {
            Log.HeadsLate(logger);
        }
    }
}
