using MassTransit;
using Platform.Contracts.Messages;

namespace Platform.Control.Bus;

/// <summary>Consumes one of the durable queues that agents publish to.</summary>
/// <param name="Name">Queue and fanout exchange, as <c>migrations</c> declares them.</param>
/// <param name="Handle">Returns when the message is dealt with for good; throws only when cancelled.</param>
/// <param name="Prefetch">Messages held unacknowledged at a time; that many are worked on at once.</param>
internal sealed record AgentQueue(string Name, Func<AgentMessage, CancellationToken, Task> Handle, ushort Prefetch)
{
    /// <summary>Declares with the very arguments that <c>migrations</c> used; others would be refused by the broker.</summary>
    public void Configure(IRabbitMqBusFactoryConfigurator bus, CancellationToken stopping) =>
        bus.ReceiveEndpoint(Name, endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.SetQuorumQueue();
            endpoint.SetQueueArgument("x-max-length-bytes", BusTopology.QueueMaxBytes);
            endpoint.SetQueueArgument("x-overflow", "reject-publish");
            endpoint.SetQueueArgument("x-delivery-limit", BusTopology.QueueDeliveryLimit);
            endpoint.PrefetchCount = Prefetch;
            endpoint.ConcurrentMessageLimit = Prefetch;
            endpoint.ConfigureReceive(receive => receive.UseFilter(new AgentMessageFilter(Handle, stopping)));
        });
}
