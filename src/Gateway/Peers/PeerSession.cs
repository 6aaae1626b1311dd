using Platform.Contracts.Messages;
using Platform.Gateway.Broker;
using Platform.Gateway.Enrolment;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Platform.Gateway.Peers;

/// <summary>
/// Keeps the way to the group's other agents open: an exchange of the group's, on it a queue of this boot's that goes with
/// the connection and holds little. Nothing is confirmed or kept; what is late is worth nothing.
/// </summary>
internal sealed class PeerSession(PeerBus bus, BrokerConnection broker, Agent agent, TimeProvider time, ILogger<PeerSession> logger) : BackgroundService
{
    /// <summary>Between two signs that this agent is there.</summary>
    public static readonly TimeSpan SignPause = TimeSpan.FromSeconds(4);

    private const string ToAll = "all";
    private const int MaxMessages = 1000;
    private const int MaxQueueBytes = 32 * 1024 * 1024;
    private const int MessageMilliseconds = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private static readonly BasicProperties Properties = new()
    {
        DeliveryMode = DeliveryModes.Transient,
        Expiration = MessageMilliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var enrolled = await agent.WhenEnrolledAsync(stoppingToken);
        var pause = Pause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await broker.TryGetAsync(stoppingToken) is { } connection)
                {
                    await RunAsync(connection, enrolled, () => pause = Pause, stoppingToken);
                    Log.PeersLost(logger, "closed");
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested && IsExpected(e))
            {
                Log.PeersLost(logger, e.Message);
            }
            finally
            {
                bus.Close();
            }
            await Task.Delay(pause, time, stoppingToken);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
        }
    }

    private static bool IsExpected(Exception exception) =>
        exception is RabbitMQClientException or IOException or OperationCanceledException or TimeoutException or System.Net.Sockets.SocketException;

    private async Task RunAsync(IConnection connection, EnrolledAgent enrolled, Action onOpen, CancellationToken stoppingToken)
    {
        var exchange = BusTopology.PeersExchange(enrolled.Identity.Group);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        channel.ChannelShutdownAsync += (_, _) =>
        {
            bus.IsOpen = false;
            return closed.CancelAsync();
        };
        await ListenAsync(channel, exchange, enrolled, stoppingToken);
        bus.IsOpen = true;
        onOpen();
        Log.PeersOpen(logger, exchange);
        bus.Send(bus.Sign(), to: null);
        try
        {
            // Where one of both ends, so does the other: who signs and does not send would be waited for.
            Task[] both = [SignAsync(closed.Token), SendAsync(channel, exchange, enrolled, closed.Token)];
            await Task.WhenAny(both);
            await closed.CancelAsync();
            await Task.WhenAll(both);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // The channel was closed.
        }
        finally
        {
            await closed.CancelAsync();
            if (channel.IsOpen)
                await SayByeAsync(channel, exchange, enrolled);
        }
    }

    private async Task ListenAsync(IChannel channel, string exchange, EnrolledAgent enrolled, CancellationToken token)
    {
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Direct, durable: false, autoDelete: true, cancellationToken: token);
        var queue = BusTopology.PeerQueue(enrolled.Id, agent.Boot);
        var bounds = new Dictionary<string, object?>
        {
            [Headers.XMaxLength] = MaxMessages,
            [Headers.XMaxLengthInBytes] = MaxQueueBytes,
            [Headers.XMessageTTL] = MessageMilliseconds,
            [Headers.XOverflow] = "drop-head",
        };
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: true, bounds, cancellationToken: token);
        await channel.QueueBindAsync(queue, exchange, ToAll, cancellationToken: token);
        await channel.QueueBindAsync(queue, exchange, KeyOf(bus.Me), cancellationToken: token);
        var ciphers = new PeerCiphers(enrolled);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            if (ciphers.Current.Open(delivery.Body.Span) is { } message)
                bus.Hear(message);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, token);
    }

    private async Task SignAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(SignPause, time);
        while (await timer.WaitForNextTickAsync(token))
        {
            bus.ForgetSilent();
            bus.Send(bus.Sign(), to: null);
        }
    }

    private async Task SendAsync(IChannel channel, string exchange, EnrolledAgent enrolled, CancellationToken token)
    {
        var ciphers = new PeerCiphers(enrolled);
        await foreach (var (message, to) in bus.Waiting.ReadAllAsync(token))
        {
            if (ciphers.Current.Seal(message) is { } body)
                await channel.BasicPublishAsync(exchange, to is { } one ? KeyOf(one) : ToAll, mandatory: false, Properties, body, token);
        }
    }

    private async Task SayByeAsync(IChannel channel, string exchange, EnrolledAgent enrolled)
    {
        using var deadline = new CancellationTokenSource(Farewell, time);
        try
        {
            if (new PeerCiphers(enrolled).Current.Seal(new(PeerMessageKind.Bye, bus.Me, default, [])) is { } body)
                await channel.BasicPublishAsync(exchange, ToAll, mandatory: false, Properties, body, deadline.Token);
        }
        catch (Exception e) when (IsExpected(e))
        {
            // They find out by its silence.
        }
    }

    private static string KeyOf(Guid boot) => boot.ToString("D");

    /// <summary>The cipher for the keys that the agent holds at the moment; for one thread.</summary>
    private sealed class PeerCiphers(EnrolledAgent enrolled)
    {
        private Contracts.Enrolment.AgentSecrets? _secrets;
        private PeerCipher? _cipher;

        public PeerCipher Current
        {
            get
            {
                var secrets = enrolled.Secrets;
                if (_cipher is null || !ReferenceEquals(_secrets, secrets))
                    (_secrets, _cipher) = (secrets, new(enrolled.Identity.Group, secrets.GroupKeys));
                return _cipher;
            }
        }
    }
}
