using System.Globalization;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Messages;
using Platform.Control.Bus;
using RabbitMQ.Client;

namespace Platform.Control.Tests.Bus;

public sealed class AgentQueueTests(Servers servers)
{
    private readonly string _queue = $"platform.test.{Guid.NewGuid():N}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_that_nobody_can_read_reaches_the_handler_byte_by_byte()
    {
        var body = "{ not json \xff"u8.ToArray();
        var seen = new TaskCompletionSource<AgentMessage>();
        using var host = await StartAsync((message, _) =>
        {
            seen.TrySetResult(message);
            return Task.CompletedTask;
        });

        await PublishAsync(body);

        var message = await seen.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        message.Body.ToArray().ShouldBe(body);
        message.Type.ShouldBe("some-type");
        message.Sender.ShouldBeNull();
        await host.StopAsync(Ct);
        await HasAsync(0);
    }

    [Fact]
    public async Task What_was_not_dealt_with_at_shutdown_stays_in_the_queue()
    {
        var started = new TaskCompletionSource();
        using var host = await StartAsync(async (_, ct) =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, ct);
        });

        await PublishAsync("{}"u8.ToArray());

        await started.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        await host.StopAsync(Ct);
        await HasAsync(1);
    }

    private async Task<IHost> StartAsync(Func<AgentMessage, CancellationToken, Task> handle)
    {
        await UseChannelAsync(async channel =>
        {
            var arguments = new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-max-length-bytes"] = BusTopology.QueueMaxBytes,
                ["x-overflow"] = "reject-publish",
                ["x-delivery-limit"] = BusTopology.QueueDeliveryLimit,
            };
            await channel.ExchangeDeclareAsync(_queue, RabbitMQ.Client.ExchangeType.Fanout, durable: true, cancellationToken: Ct);
            await channel.QueueDeclareAsync(_queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: Ct);
            await channel.QueueBindAsync(_queue, _queue, "", cancellationToken: Ct);
            return true;
        });
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Broker:Host"] = "127.0.0.1",
            ["Broker:Port"] = servers.BrokerPort.ToString(CultureInfo.InvariantCulture),
            ["Broker:User"] = "control",
            ["Broker:Password"] = "control",
        });
        builder.AddControlBus();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new AgentQueue(_queue, handle, Prefetch: 4));
        var host = builder.Build();
        await host.StartAsync(Ct);
        await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(20));
        return host;
    }

    private Task<bool> PublishAsync(byte[] body) => UseChannelAsync(async channel =>
    {
        var properties = new BasicProperties { Headers = new Dictionary<string, object?> { [BusTopology.TypeHeader] = "some-type" } };
        await channel.BasicPublishAsync(_queue, "", mandatory: true, properties, body, Ct);
        return true;
    });

    /// <summary>What a consumer gave back, a quorum queue counts a moment later.</summary>
    private Task<bool> HasAsync(uint count) => UseChannelAsync(async channel =>
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (await channel.MessageCountAsync(_queue, deadline.Token) != count)
            await Task.Delay(50, deadline.Token);
        await channel.QueueDeleteAsync(_queue, cancellationToken: Ct);
        return true;
    });

    private async Task<T> UseChannelAsync<T>(Func<IChannel, Task<T>> use)
    {
        await using var connection = await servers.BrokerFactory.CreateConnectionAsync(Ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        return await use(channel);
    }
}
