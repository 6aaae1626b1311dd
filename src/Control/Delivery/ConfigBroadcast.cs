using MassTransit;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;

namespace Platform.Control.Delivery;

/// <summary>
/// Sends to a group's exchange. Each send has a deadline of 2 s and is awaited, so nothing piles up while the broker is
/// away: agents notice the missing head and fetch. For the same reason no message is written to the broker's disk.
/// </summary>
internal sealed class ConfigBroadcast(IBus bus)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>A head that nobody took in this time says nothing any more.</summary>
    private static readonly TimeSpan HeadLife = TimeSpan.FromSeconds(5);

    public Task SendChangedAsync(AgentGroupName group, Guid epoch, long from, long to, IReadOnlyList<ConfigResource> resources, CancellationToken ct) =>
        SendAsync(group, ChangeMessages.Make(group, epoch, from, to, resources), BusTopology.ChangedKey, null, ct);

    public Task SendHeadAsync(AgentGroupName group, Guid epoch, long revision, CancellationToken ct) =>
        SendAsync(group, new ConfigHead(group, epoch, revision), BusTopology.HeadKey, HeadLife, ct);

    public Task SendReplayAsync(AgentGroupName group, UsageReplayRequested request, CancellationToken ct) =>
        SendAsync(group, request, BusTopology.ReplayKey, null, ct);

    private async Task SendAsync<T>(AgentGroupName group, T message, string routingKey, TimeSpan? life, CancellationToken ct)
        where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        try
        {
            var exchange = await bus.GetSendEndpoint(new($"exchange:{BusTopology.ConfigExchange(group)}?type=direct"));
            await exchange.Send(
                message,
                context =>
                {
                    context.SetRoutingKey(routingKey);
                    context.TimeToLive = life;
                    context.Durable = false;
                },
                deadline.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The broker did not take the message in time.");
        }
    }
}
