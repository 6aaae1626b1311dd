using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Peers;
using Platform.Gateway.Tests.World;
using Platform.Local.Processes;
using Platform.Local.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Platform.Gateway.Tests;

/// <summary>Two agents of one group at a real RabbitMQ of the test's own, each with an agent's rights and no more.</summary>
public sealed class PeersTests : IAsyncLifetime
{
    private const string Password = "broker-test";
    private const string Answer = """{"choices":[{"message":{"content":"é secret answer"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}""";
    private const string Events =
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"secret wörd\"}}]}\n\n"
        + "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}\n\ndata: [DONE]\n\n";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly string _directory = Directory.CreateTempSubdirectory("gateway-peers-").FullName;
    private readonly FakeControl[] _controls = [new() { AgentId = AgentId.New() }, new() { AgentId = AgentId.New() }];
    private readonly GatewayHost[] _gateways = new GatewayHost[2];
    private IReadOnlyList<RunningProcess> _processes = [];
    private int _port;

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
        var ports = FreePorts.Take(4);
        _port = ports[0];
        BrokerUser[] users = [new("owner", Password, "", ".*", ".*", ".*"), .. _controls.Select(c => UserOf(c.AgentId))];
        _processes = await new RabbitNode(Path.Combine(_directory, "rabbitmq"), new(ports[0], ports[1], ports[2], ports[3]), users).StartAsync(_directory);
        _controls[1].GroupKeys.Clear();
        _controls[1].GroupKeys.AddRange(_controls[0].GroupKeys);
        for (var i = 0; i < _controls.Length; i++)
        {
            var control = _controls[i];
            control.Broker = new("127.0.0.1", _port, "/", BusTopology.AgentQueue(control.AgentId), Password, false);
            await control.StartAsync();
            control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [control.PepperEntry()] });
            // The machine may be busy; an agent that answers is waited for no longer than it takes.
            _gateways[i] = await GatewayHost.StartAsync(control.Url, control.Token, null, "Idempotency:AskMilliseconds=5000");
            await _gateways[i].ReadyAsync();
        }
        await Until.TrueAsync(() => _gateways.All(g => BusOf(g).Others == 1));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
            await gateway.DisposeAsync();
        foreach (var control in _controls)
            await control.DisposeAsync();
        await StopBrokerAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task What_one_agent_answered_the_other_gives_again_and_the_broker_sees_none_of_it()
    {
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, call) =>
        {
            if (call.Text.Contains("wait", StringComparison.Ordinal))
                await more.Task;
            var stream = call.Text.Contains("\"stream\":true", StringComparison.Ordinal);
            context.Response.ContentType = stream ? "text/event-stream" : "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(stream ? Events : Answer));
        });
        var tenant = await TenantAsync(upstream.Url);
        var heard = new ConcurrentQueue<byte[]>();
        await using var tap = await TapAsync(heard);

        foreach (var stream in (bool[])[false, true])
        {
            var key = $"key-{stream}";
            var first = await tenant.AskAsync(tenant.Body(stream), key);
            var second = await tenant.AskAsync(tenant.Body(stream), key, gateway: _gateways[1]);
            (first.Status, second.Status, second.Header("idempotent-replayed")).ShouldBe((200, 200, "true"));
            second.Body.ShouldBe(first.Body);
            second.Header("content-type").ShouldBe(first.Header("content-type"));
            second.Header("x-gateway-original-request-id").ShouldBe(first.Header("x-request-id"));
            (await tenant.AskAsync(tenant.Body(stream) + " ", key, gateway: _gateways[1])).Text.ShouldContain("\"code\":\"idempotency_key_reuse\"");
        }
        upstream.Calls.Count.ShouldBe(2);

        var waiting = tenant.Body().Replace("hello", "wait", StringComparison.Ordinal);
        var running = tenant.AskAsync(waiting, "running");
        await Until.TrueAsync(() => upstream.Calls.Count == 3);
        (await tenant.AskAsync(waiting, "running", gateway: _gateways[1])).Text.ShouldContain("\"code\":\"idempotency_in_progress\"");
        (await tenant.AskAsync(tenant.Body(), "running", gateway: _gateways[1])).Text.ShouldContain("\"code\":\"idempotency_key_reuse\"");
        more.SetResult();
        (await running).Status.ShouldBe(200);
        (await tenant.AskAsync(waiting, "running", gateway: _gateways[1])).Header("idempotent-replayed").ShouldBe("true");
        upstream.Calls.Count.ShouldBe(3);

        heard.Count.ShouldBeGreaterThan(5);
        heard.ShouldAllBe(b => !Latin(b).Contains("secret", StringComparison.Ordinal) && !Latin(b).Contains("running", StringComparison.Ordinal));
        _gateways.Sum(g => g.Records().Count).ShouldBe(3);
    }

    [Fact]
    public async Task Of_a_hundred_at_both_agents_at_once_one_runs_and_an_agent_that_goes_is_not_waited_for()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(upstream.Url);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => tenant.AskAsync(tenant.Body(), "k", gateway: _gateways[i % 2])));

        upstream.Calls.Count.ShouldBe(1);
        answers.ShouldAllBe(a => a.Status == 200 || a.Status == 409);
        answers.Where(a => a.Status == 200).ShouldAllBe(a => a.Text == Answer);
        foreach (var gateway in _gateways)
            (await tenant.AskAsync(tenant.Body(), "k", gateway: gateway)).Text.ShouldBe(Answer);
        upstream.Calls.Count.ShouldBe(1);

        await _gateways[1].StopAsync();
        await Until.TrueAsync(() => BusOf(_gateways[0]) is { IsOpen: true, Others: 0 });
    }

    [Fact]
    public async Task Without_a_broker_each_goes_on_alone()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(upstream.Url);

        await StopBrokerAsync();
        var first = await tenant.AskAsync(tenant.Body(), "k");
        await Until.TrueAsync(() => _gateways.All(g => BusOf(g) is { IsOpen: false, Others: 0 }));
        var other = await tenant.AskAsync(tenant.Body(), "k", gateway: _gateways[1]);
        var again = await tenant.AskAsync(tenant.Body(), "k");

        (first.Status, other.Status, again.Header("idempotent-replayed")).ShouldBe((200, 200, "true"));
        other.Header("idempotent-replayed").ShouldBeNull();
        upstream.Calls.Count.ShouldBe(2);
    }

    private static PeerBus BusOf(GatewayHost gateway) => gateway.Services.GetRequiredService<PeerBus>();

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>As Control gives it (<c>BrokerPermissions</c>).</summary>
    private static BrokerUser UserOf(AgentId agent)
    {
        var mine = $"agent[.]{agent}([._].*)?|platform[.]peers[.]default";
        return new(
            BusTopology.AgentQueue(agent), Password, "",
            $"^({mine}|platform[.]config[.]default)$", $"^({mine}|platform[.]usage|platform[.]agents)$", $"^({mine}|platform[.]config[.]default)$");
    }

    /// <summary>Hears all that goes over the group's exchange.</summary>
    private async Task<IConnection> TapAsync(ConcurrentQueue<byte[]> heard)
    {
        var connection = await new ConnectionFactory { Uri = new($"amqp://owner:{Password}@127.0.0.1:{_port}") }.CreateConnectionAsync(Token);
        var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        var queue = await channel.QueueDeclareAsync(cancellationToken: Token);
        var keys = _gateways.Select(g => g.Services.GetRequiredService<Agent>().Boot.ToString()).Append("all");
        foreach (var key in keys)
            await channel.QueueBindAsync(queue.QueueName, BusTopology.PeersExchange(AgentGroupName.Default), key, cancellationToken: Token);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, e) =>
        {
            heard.Enqueue(e.Body.ToArray());
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, Token);
        return connection;
    }

    /// <summary>The same tenant with the same key at both agents.</summary>
    private async Task<TestTenant> TenantAsync(Uri upstream)
    {
        var tenant = new TestTenant(_controls[0], _gateways[0]);
        var (pool, entry) = (tenant.Pool("vllm", upstream), tenant.KeyEntry());
        var document = tenant.Document(tenant.ModelOn(pool));
        for (var i = 0; i < _controls.Length; i++)
        {
            var control = _controls[i];
            control.Put(ConfigKinds.Pool, pool.Id.ToString(), tenant.Id, pool);
            control.Put(ConfigKinds.Tenant, tenant.Id.ToString(), tenant.Id, document);
            control.Put(ConfigKinds.KeyShard, $"{tenant.Id}/0", tenant.Id, new KeyShardDocument
            {
                TenantId = tenant.Id,
                Keys = [entry with { Hash = ApiKeyFormat.Hash(tenant.Key, control.Pepper) }],
            });
            await _gateways[i].ReachAsync(control);
        }
        return tenant;
    }

    private async Task StopBrokerAsync()
    {
        foreach (var process in _processes.Reverse())
            await process.StopAsync(TimeSpan.FromSeconds(30));
        _processes = [];
    }
}
