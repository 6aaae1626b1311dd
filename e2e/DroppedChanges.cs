using System.Text;
using System.Text.Json;
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
        var bound = await ChangeBindingsAsync(platform);
        foreach (var agent in agents)
        {
            // The broker confirms the removal of a binding that never was: a test of nothing.
            bound.ShouldContain(BusTopology.AgentQueue(agent));
            await result._channel.ExchangeUnbindAsync(BusTopology.AgentQueue(agent), Source, BusTopology.ChangedKey);
        }
        (await ChangeBindingsAsync(platform)).ShouldBeEmpty();
        return result;
    }

    /// <summary>Where a message with the key of changes would go, from the broker's management API.</summary>
    private static async Task<IReadOnlyList<string>> ChangeBindingsAsync(LocalPlatform platform)
    {
        var (user, password) = platform.Backing.BrokerLogin("management");
        using var http = new HttpClient { BaseAddress = platform.Backing.Broker().Management };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        using var bindings = JsonDocument.Parse(await http.GetStringAsync($"/api/exchanges/%2F/{Source}/bindings/source"));
        return [.. bindings.RootElement.EnumerateArray()
            .Where(b => b.GetProperty("routing_key").GetString() == BusTopology.ChangedKey)
            .Select(b => b.GetProperty("destination").GetString()!)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
            await _channel.ExchangeBindAsync(BusTopology.AgentQueue(agent), Source, BusTopology.ChangedKey);
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
