using Platform.Contracts.Messages;
using Platform.Gateway.Enrolment;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Gateway.Broker;

/// <summary>
/// Publishes signed plain JSON and waits for the broker's confirmation (docs/decisions/0003-agents-publish-raw.md). It
/// declares nothing. Each owner has one with a channel of its own, and publishes one message at a time.
/// </summary>
internal sealed class AgentPublisher(BrokerConnection broker, Agent agent, ILogger<AgentPublisher> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private IChannel? _channel;

    /// <summary>True once the broker has the message in a queue; false where it has not, or nobody knows.</summary>
    /// <param name="type">The value of <see cref="BusTopology.TypeHeader"/>.</param>
    public async Task<bool> TryPublishAsync(string exchange, string type, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        using var deadline = new CallDeadline(Deadline, token);
        try
        {
            if (agent.Current is not { } enrolled || await OpenAsync(deadline.Token) is not { } channel)
                return false;
            await channel.BasicPublishAsync(exchange, routingKey: "", mandatory: true, PropertiesFor(enrolled, type, body), body, deadline.Token);
            return true;
        }
        catch (Exception e) when (!token.IsCancellationRequested && IsExpected(e))
        {
            Log.NotPublished(logger, type, e.GetType().Name, e is PublishException { IsReturn: true } ? "unroutable" : e.Message);
            await CloseAsync();
            return false;
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private static bool IsExpected(Exception exception) =>
        exception is RabbitMQClientException or IOException or OperationCanceledException or TimeoutException or System.Net.Sockets.SocketException;

    private static BasicProperties PropertiesFor(EnrolledAgent enrolled, string type, ReadOnlyMemory<byte> body) => new()
    {
        ContentType = "application/json",
        DeliveryMode = DeliveryModes.Persistent,
        MessageId = Guid.CreateVersion7().ToString("D"),
        Headers = new Dictionary<string, object?>
        {
            [BusTopology.TypeHeader] = type,
            [BusTopology.AgentHeader] = enrolled.Id.ToString(),
            [BusTopology.SignatureHeader] = enrolled.SignMessage(type, body.Span),
        },
    };

    private async Task<IChannel?> OpenAsync(CancellationToken token)
    {
        if (_channel is { IsOpen: true })
            return _channel;
        await CloseAsync();
        if (await broker.TryGetAsync(token) is { } connection)
            _channel = await connection.CreateChannelAsync(Confirmed, token);
        return _channel;
    }

    private async Task CloseAsync()
    {
        if (_channel is not { } channel)
            return;
        _channel = null;
        try
        {
            await channel.DisposeAsync();
        }
        catch (Exception e) when (IsExpected(e))
        {
            // It was broken; there is nothing left to close.
        }
    }
}
