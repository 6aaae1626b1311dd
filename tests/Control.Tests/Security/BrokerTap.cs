using System.Collections.Concurrent;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Platform.Control.Tests.Security;

/// <summary>Reads, as the broker's owner, everything that goes to a group's agents.</summary>
internal sealed class BrokerTap : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly ConcurrentQueue<string> _messages = [];

    private BrokerTap(IConnection connection) => _connection = connection;

    public IReadOnlyCollection<string> Messages => _messages;

    public static async Task<BrokerTap> OpenAsync(ConnectionFactory factory, string exchange, params string[] keys)
    {
        var tap = new BrokerTap(await factory.CreateConnectionAsync());
        var channel = await tap._connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Direct, durable: true);
        var queue = (await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true)).QueueName;
        foreach (var key in keys)
            await channel.QueueBindAsync(queue, exchange, key);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            tap._messages.Enqueue(Encoding.UTF8.GetString(delivery.Body.Span));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return tap;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
