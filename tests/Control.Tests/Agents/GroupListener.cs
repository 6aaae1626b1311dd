using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Platform.Control.Tests.Agents;

/// <summary>An agent's own queue, bound to its group's exchange, read as MassTransit's envelopes.</summary>
internal sealed class GroupListener : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly Channel<JsonElement> _changes = Channel.CreateUnbounded<JsonElement>();
    private readonly Channel<JsonElement> _heads = Channel.CreateUnbounded<JsonElement>();
    private readonly Channel<JsonElement> _replays = Channel.CreateUnbounded<JsonElement>();

    private GroupListener(IConnection connection) => _connection = connection;

    public IConnection Connection => _connection;

    public static async Task<GroupListener> StartAsync(EnrolledAgent agent)
    {
        var listener = new GroupListener(await agent.BrokerFactory.CreateConnectionAsync());
        var channel = await listener._connection.CreateChannelAsync();
        var queue = BusTopology.AgentQueue(agent.Answer.AgentId);
        var exchange = BusTopology.ConfigExchange(agent.Answer.Group);
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Direct, durable: true);
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: false, autoDelete: true);
        foreach (var key in new[] { BusTopology.ChangedKey, BusTopology.HeadKey, BusTopology.ReplayKey })
            await channel.QueueBindAsync(queue, exchange, key);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            var message = JsonDocument.Parse(delivery.Body).RootElement.GetProperty("message").Clone();
            var to = delivery.RoutingKey switch
            {
                BusTopology.ChangedKey => listener._changes,
                BusTopology.HeadKey => listener._heads,
                _ => listener._replays,
            };
            to.Writer.TryWrite(message);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return listener;
    }

    public async Task<ConfigChanged> NextChangeAsync() => (await NextAsync(_changes)).Deserialize(WireJson.Default.ConfigChanged)!;

    public async Task<ConfigHead> NextHeadAsync() => (await NextAsync(_heads)).Deserialize(WireJson.Default.ConfigHead)!;

    public async Task<UsageReplayRequested> NextReplayAsync() => (await NextAsync(_replays)).Deserialize(WireJson.Default.UsageReplayRequested)!;

    public async IAsyncEnumerable<ConfigChanged> ChangesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var message in _changes.Reader.ReadAllAsync(ct))
            yield return message.Deserialize(WireJson.Default.ConfigChanged)!;
    }

    public async IAsyncEnumerable<ConfigHead> HeadsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var message in _heads.Reader.ReadAllAsync(ct))
            yield return message.Deserialize(WireJson.Default.ConfigHead)!;
    }

    /// <summary>Publishes as the agent: raw JSON, signed.</summary>
    public async Task PublishAsync(EnrolledAgent agent, string exchange, string type, byte[] body)
    {
        await using var channel = await _connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            Headers = new Dictionary<string, object?>
            {
                [BusTopology.TypeHeader] = type,
                [BusTopology.AgentHeader] = agent.Answer.AgentId.ToString(),
                [BusTopology.SignatureHeader] = MessageSignature.Sign(agent.Signing, type, body),
            },
        };
        await channel.BasicPublishAsync(exchange, "", mandatory: true, properties, body);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<JsonElement> NextAsync(Channel<JsonElement> messages)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        return await messages.Reader.ReadAsync(deadline.Token);
    }
}
