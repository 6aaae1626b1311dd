using System.Text;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Control.Agents;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Control.Tests.Agents;

public sealed class BrokerUsersTests(Servers servers)
{
    private static readonly AgentGroupName Group = AgentGroupName.Parse("eu-1");

    [Fact]
    public async Task An_agents_user_reaches_its_own_things_only_and_deleting_it_cuts_it_off()
    {
        var ct = TestContext.Current.CancellationToken;
        using var http = new HttpClient { BaseAddress = servers.BrokerManagement };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("owner:owner")));
        var users = new BrokerUsers(http);
        var agent = AgentId.New();

        var user = await users.CreateAsync(agent, "secret-of-the-agent", "/", BrokerPermissions.For(agent, Group), ct);
        await using var connection = await new ConnectionFactory { HostName = "127.0.0.1", Port = servers.BrokerPort, UserName = user, Password = "secret-of-the-agent", AutomaticRecoveryEnabled = false }.CreateConnectionAsync(ct);

        await DeclareAsync(connection, BusTopology.AgentQueue(agent), ct);
        await Should.ThrowAsync<OperationInterruptedException>(() => DeclareAsync(connection, "platform.usage", ct));

        var closed = new TaskCompletionSource();
        connection.ConnectionShutdownAsync += (_, _) => { closed.TrySetResult(); return Task.CompletedTask; };
        await users.DeleteAsync(agent, ct);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10), ct);
        await users.DeleteAsync(agent, ct);
    }

    private static async Task DeclareAsync(IConnection connection, string queue, CancellationToken ct)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: false, autoDelete: true, cancellationToken: ct);
    }
}
