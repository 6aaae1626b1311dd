using System.Text.Json;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Gateway.Broker;
using Platform.Gateway.Configuration;
using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Delivery;

/// <summary>Tells Control after each change, and every few seconds, which revision is in force and what was refused.</summary>
internal sealed class AppliedReporter(
    CurrentSnapshot current, AgentPublisher publisher, Agent agent, TimeProvider time, ILogger<AppliedReporter> logger) : BackgroundService
{
    /// <summary>More than these are not told: they say nothing new, and the message must stay small.</summary>
    private const int MaxRejected = 100;
    private const int MaxFaults = 20;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var enrolled = await agent.WhenEnrolledAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await current.WaitForChangeAsync(Period, stoppingToken);
                if (current.Value is { } snapshot)
                    await publisher.TryPublishAsync(BusTopology.Agents, BusTopology.ConfigAppliedType, Body(snapshot, enrolled), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotReported(logger, e);
            }
        }
    }

    private byte[] Body(Snapshot snapshot, EnrolledAgent enrolled) => JsonSerializer.SerializeToUtf8Bytes(
        new(
            enrolled.Id, agent.Boot, enrolled.Identity.Group, snapshot.Epoch, snapshot.Revision,
            [.. snapshot.Rejected.Values.Take(MaxRejected).Select(r => r with { Faults = [.. r.Faults.Take(MaxFaults)] })],
            time.GetUtcNow()),
        WireJson.Default.ConfigApplied);
}
