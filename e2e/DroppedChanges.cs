using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Local.Stack;
using RabbitMQ.Client;

namespace Platform.E2E;

/// <summary>
/// Drops the messages that tell agents of a change, and nothing else: on the broker, by taking away the bindings of their
/// routing key. Disposing puts them back.
/// </summary>
internal sealed class DroppedChanges : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly IReadOnlyList<AgentId> _agents;

    private DroppedChanges(IConnection connection, IChannel channel, IReadOnlyList<AgentId> agents) =>
        (_connection, _channel, _agents) = (connection, channel, agents);

    private static string Source => BusTopology.ConfigExchange(AgentGroupName.Default);

    public static async Task<DroppedChanges> BeginAsync(LocalPlatform platform, IReadOnlyList<AgentId> agents)
    {
        var broker = platform.Backing.Broker();
        var (user, password) = platform.Backing.BrokerLogin("owner");
        var factory = new ConnectionFactory { HostName = broker.Host, Port = broker.Port, VirtualHost = broker.VirtualHost, UserName = user, Password = password };
        var connection = await factory.CreateConnectionAsync();
        var result = new DroppedChanges(connection, await connection.CreateChannelAsync(), agents);
        foreach (var agent in agents)
            await result._channel.ExchangeUnbindAsync(BusTopology.AgentQueue(agent), Source, BusTopology.ChangedKey);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
            await _channel.ExchangeBindAsync(BusTopology.AgentQueue(agent), Source, BusTopology.ChangedKey);
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
