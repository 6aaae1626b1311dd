using MassTransit;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Messages;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Metering;
using Platform.Hosting.Bus;

namespace Platform.Gateway.Delivery;

/// <summary>
/// What Control sends over the bus: the agent's own queue, bound to its group's exchange. The queue goes with the
/// connection and holds little, because whatever is missed is fetched. MassTransit reconnects by itself; a new session
/// begins when the broker's address or password changes.
/// </summary>
internal sealed class BusSession(
    Agent agent, DeliveryInbox inbox, Journal journal, SecretsRenewal renewal, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    private const int MaxMessages = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(3);

    private readonly ILogger _logger = loggers.CreateLogger<BusSession>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var enrolled = await agent.WhenEnrolledAsync(stoppingToken);
        LogContext.ConfigureCurrentLogContext(loggers);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(enrolled, stoppingToken);
            }
            catch (Exception e)
            {
                // A start that is cancelled ends in whatever the connection was doing.
                if (stoppingToken.IsCancellationRequested)
                    return;
                Log.BusFailed(_logger, e);
                await renewal.TryRenewAsync(stoppingToken);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task RunAsync(EnrolledAgent enrolled, CancellationToken stoppingToken)
    {
        var access = enrolled.Secrets.Broker;
        var bus = Create(enrolled, access);
        try
        {
            await bus.StartAsync(stoppingToken);
            Log.BusStarted(_logger);
            while (enrolled.Secrets.Broker == access)
                await Task.Delay(Pause, time, stoppingToken);
        }
        finally
        {
            await StopAsync(bus);
        }
    }

    private async Task StopAsync(IBusControl bus)
    {
        using var deadline = new CancellationTokenSource(StopTime, time);
        try
        {
            await bus.StopAsync(deadline.Token);
        }
        catch (Exception e)
        {
            Log.BusNotStopped(_logger, e);
        }
    }

    private IBusControl Create(EnrolledAgent enrolled, BrokerAccess access) => MassTransit.Bus.Factory.CreateUsingRabbitMq(bus =>
    {
        var queue = BusTopology.AgentQueue(enrolled.Id);
        var exchange = BusTopology.ConfigExchange(enrolled.Identity.Group);
        bus.UseBroker(access, $"{enrolled.Id} delivery");
        bus.OverrideDefaultBusEndpointQueueName($"{queue}.bus");
        bus.ReceiveEndpoint(queue, endpoint =>
        {
            endpoint.AutoDelete = true;
            endpoint.Durable = false;
            endpoint.ConfigureConsumeTopology = false;
            endpoint.PublishFaults = false;
            endpoint.PrefetchCount = 16;
            endpoint.ConcurrentMessageLimit = 1;
            endpoint.SetQueueArgument("x-max-length", MaxMessages);
            endpoint.DiscardFaultedMessages();
            endpoint.DiscardSkippedMessages();
            foreach (var key in (ReadOnlySpan<string>)[BusTopology.ChangedKey, BusTopology.HeadKey, BusTopology.ReplayKey])
            {
                endpoint.Bind(exchange, binding =>
                {
                    binding.ExchangeType = RabbitMQ.Client.ExchangeType.Direct;
                    binding.Durable = true;
                    binding.RoutingKey = key;
                });
            }
            endpoint.Handler<ConfigChanged>(c => inbox.PutAsync(new News.Changed(c.Message), c.CancellationToken).AsTask());
            endpoint.Handler<ConfigHead>(c => inbox.PutAsync(new News.Head(c.Message), c.CancellationToken).AsTask());
            endpoint.Handler<UsageReplayRequested>(c => ReplayAsync(c.Message, c.CancellationToken));
        });
    });

    private async Task ReplayAsync(UsageReplayRequested message, CancellationToken token)
    {
        if (message.AgentId != agent.Current?.Id)
            return;
        Log.ReplayAsked(_logger, message.BootId, message.FromSequence, message.ToSequence);
        await journal.ReplayAsync(message.BootId, message.FromSequence, message.ToSequence);
    }
}
