using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MassTransit;
using Platform.Contracts.Configuration;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Gateway.Tests.World;
using Platform.Hosting.Bus;
using Platform.Local.Processes;
using Platform.Local.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Platform.Gateway.Tests;

/// <summary>The bus with a real RabbitMQ of the test's own, on which the agent has an agent's rights and no more.</summary>
public sealed class BrokerTests : IAsyncLifetime
{
    private const string Password = "broker-test";

    private static readonly AgentId Agent = AgentId.Parse("01900000-0000-7000-8000-00000000a9e1");
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly ConcurrentQueue<(string? Type, byte[] Body, IDictionary<string, object?> Headers)> _received = new();

    private readonly string _directory = Directory.CreateTempSubdirectory("gateway-broker-").FullName;
    private IReadOnlyList<RunningProcess> _processes = [];
    private int _port;

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
        var ports = FreePorts.Take(4);
        _port = ports[0];
        var own = $"agent[.]{Agent}([._].*)?";
        BrokerUser[] users =
        [
            new("owner", Password, "", ".*", ".*", ".*"),
            new(BusTopology.AgentQueue(Agent), Password, "",
                $"^({own}|platform[.]config[.]default)$", $"^({own}|platform[.]usage|platform[.]agents)$", $"^({own}|platform[.]config[.]default)$"),
        ];
        _processes = await new RabbitNode(Path.Combine(_directory, "rabbitmq"), new(ports[0], ports[1], ports[2], ports[3]), users).StartAsync(_directory);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Reverse())
            await process.StopAsync(TimeSpan.FromSeconds(30));
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Changes_come_and_records_go_over_the_bus()
    {
        var uri = UriOf("owner");
        await using var upstream = await UpstreamStub.JsonAsync("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}""");
        await using var connection = await new ConnectionFactory { Uri = new(uri) }.CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        await DeclareAsync(channel);
        await using var control = new FakeControl
        {
            AgentId = Agent,
            Broker = AccessOf(UriOf(BusTopology.AgentQueue(Agent))),
        };
        await control.StartAsync();
        control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [control.PepperEntry()] });
        await using var gateway = await GatewayHost.StartAsync(control.Url, control.Token, null, "Delivery:SilenceMilliseconds=60000");
        await gateway.ReadyAsync();
        var bus = Bus.Factory.CreateUsingRabbitMq(b => b.UseBroker(AccessOf(uri), "control stand-in"));
        await bus.StartAsync(Token);
        var exchange = await bus.GetSendEndpoint(new($"exchange:{BusTopology.ConfigExchange(control.Group)}?type=direct"));

        var tenant = new TestTenant(control, gateway);
        var pool = tenant.Pool("vllm", upstream.Url);
        var from = control.Revision;
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        await Until.TrueAsync(async () =>
        {
            await exchange.Send(new ConfigHead(control.Group, control.Epoch, control.Revision), c => c.SetRoutingKey(BusTopology.HeadKey), Token);
            return gateway.Snapshot!.Revision == control.Revision;
        });
        from = control.Revision;
        var document = new TenantDocument { Id = tenant.Id, Slug = tenant.Slug, Models = [tenant.ModelOn(pool)] };
        var change = control.Put(ConfigKinds.Tenant, tenant.Id.ToString(), tenant.Id, document);
        await exchange.Send(new ConfigChanged(control.Group, control.Epoch, from, change.Revision, [change]), c => c.SetRoutingKey(BusTopology.ChangedKey), Token);
        await Until.TrueAsync(() => gateway.Snapshot!.Revision == control.Revision);
        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);

        await Until.TrueAsync(() => Batches().Any());
        var record = Batches().Single().Records.ShouldHaveSingleItem();
        record.TenantId.ShouldBe(tenant.Id);
        await Until.TrueAsync(() => gateway.Records().Count == 0);
        await exchange.Send(new UsageReplayRequested(Agent, record.BootId, 1, 1), c => c.SetRoutingKey(BusTopology.ReplayKey), Token);
        await Until.TrueAsync(() => Batches().Count() == 2);
        Batches().Last().Records.Single().ShouldBe(record);
        await Until.TrueAsync(() => _received.Any(m => m.Type == BusTopology.JournalHeadsType));
        _received.ShouldContain(m => m.Type == BusTopology.ConfigAppliedType);
        VerifySignatures(control.SigningKey);
        await bus.StopAsync(Token);
    }

    private IEnumerable<UsageBatch> Batches() => _received.Where(m => m.Type == BusTopology.UsageBatchType)
        .Select(m => JsonSerializer.Deserialize(m.Body, WireJson.Default.UsageBatch)!);

    private void VerifySignatures(byte[] signingKey)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(signingKey, out _);
        foreach (var (type, body, headers) in _received)
        {
            Text(headers[BusTopology.AgentHeader]).ShouldBe(Agent.ToString());
            MessageSignature.Verify(key, type!, body, Text(headers[BusTopology.SignatureHeader])).ShouldBeTrue();
        }
    }

    private async Task DeclareAsync(IChannel channel)
    {
        foreach (var name in (string[])[BusTopology.Usage, BusTopology.Agents])
        {
            await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: Token);
            var queue = await channel.QueueDeclareAsync(cancellationToken: Token);
            await channel.QueueBindAsync(queue.QueueName, name, "", cancellationToken: Token);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, e) =>
            {
                _received.Enqueue((Text(e.BasicProperties.Headers![BusTopology.TypeHeader]), e.Body.ToArray(), e.BasicProperties.Headers));
                return Task.CompletedTask;
            };
            await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, Token);
        }
        await channel.ExchangeDeclareAsync(BusTopology.ConfigExchange(AgentGroupName.Default), ExchangeType.Direct, durable: true, cancellationToken: Token);
    }

    private string UriOf(string user) => $"amqp://{user}:{Password}@127.0.0.1:{_port}";

    private static BrokerAccess AccessOf(string text)
    {
        var uri = new Uri(text);
        var (user, password) = (uri.UserInfo.Split(':')[0], uri.UserInfo.Split(':')[1]);
        return new(uri.Host, uri.Port, uri.AbsolutePath is "/" or "" ? "/" : uri.AbsolutePath[1..], user, password, false);
    }

    private static string? Text(object? header) => header is byte[] bytes ? Encoding.UTF8.GetString(bytes) : header as string;
}
