using Npgsql;
using Platform.Local.Processes;
using Platform.Local.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Local.Tests;

public sealed class ServerTests : IDisposable
{
    private readonly TemporaryHome _temporary = new();

    [Fact]
    public async Task A_private_cluster_starts_makes_an_owner_without_superpowers_and_stops()
    {
        var cluster = new PostgresCluster(Path.Combine(_temporary.Home.Directory, "postgres"), FreePorts.Take(1)[0], "secret-1", durable: false);
        var process = await cluster.StartAsync(_temporary.Home.LogDirectory);
        try
        {
            var owner = await DatabaseSetup.EnsureAsync(cluster.Superuser, "shop", "shop_owner", "it's secret");
            (await DatabaseSetup.EnsureAsync(cluster.Superuser, "shop", "shop_owner", "it's secret")).ShouldBe(owner);

            await using var connection = new NpgsqlConnection(owner);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user", connection);
            (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(false);
        }
        finally
        {
            (await process.StopAsync(TimeSpan.FromSeconds(30), "INT")).ShouldBeTrue();
        }
        process.IsAlive().ShouldBeFalse();
    }

    [Fact]
    public async Task A_private_node_knows_its_users_only_and_stops()
    {
        var ports = FreePorts.Take(4);
        var node = new RabbitNode(
            Path.Combine(_temporary.Home.Directory, "rabbitmq"),
            new(ports[0], ports[1], ports[2], ports[3]),
            [new("somebody", "secret-2", "", "^mine[.].*", "^mine[.].*", "^mine[.].*")]);
        var processes = await node.StartAsync(_temporary.Home.LogDirectory);
        try
        {
            await using (var connection = await ConnectAsync(ports[0], "somebody", "secret-2"))
            {
                await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
                await channel.ExchangeDeclareAsync("mine.one", ExchangeType.Direct, cancellationToken: TestContext.Current.CancellationToken);
                await Should.ThrowAsync<OperationInterruptedException>(
                    () => channel.ExchangeDeclareAsync("yours", ExchangeType.Direct, cancellationToken: TestContext.Current.CancellationToken));
            }
            await Should.ThrowAsync<BrokerUnreachableException>(() => ConnectAsync(ports[0], "guest", "guest"));
        }
        finally
        {
            foreach (var process in processes.Reverse())
                (await process.StopAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue(process.Name);
        }
    }

    public void Dispose() => _temporary.Dispose();

    private static Task<IConnection> ConnectAsync(int port, string user, string password) =>
        new ConnectionFactory { HostName = "127.0.0.1", Port = port, UserName = user, Password = password, AutomaticRecoveryEnabled = false }
            .CreateConnectionAsync(TestContext.Current.CancellationToken);
}
