using Platform.Gateway.Enrolment;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Gateway.Broker;

/// <summary>
/// One connection for what the agent publishes, opened when somebody needs it. A failure is not repeated within
/// <see cref="Pause"/>, whoever asks; a refused password leads to a look for a new one.
/// </summary>
internal sealed class BrokerConnection(Agent agent, SecretsRenewal renewal, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _one = new(1, 1);
    private IConnection? _connection;
    private long? _failedAt;

    /// <summary>An open connection, or null while there is none to be had.</summary>
    public async Task<IConnection?> TryGetAsync(CancellationToken token)
    {
        await _one.WaitAsync(token);
        try
        {
            if (_connection is { IsOpen: true })
                return _connection;
            if (agent.Current is not { } enrolled || (_failedAt is { } at && time.GetElapsedTime(at) < Pause))
                return null;
            await CloseAsync();
            _failedAt = time.GetTimestamp();
            _connection = await FactoryFor(enrolled).CreateConnectionAsync(token);
            _failedAt = null;
            return _connection;
        }
        catch (BrokerUnreachableException e) when (e.InnerException is AuthenticationFailureException)
        {
            await renewal.TryRenewAsync(token);
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _one.Dispose();
    }

    private static ConnectionFactory FactoryFor(EnrolledAgent agent)
    {
        var broker = agent.Secrets.Broker;
        return new()
        {
            HostName = broker.Host,
            Port = broker.Port,
            VirtualHost = broker.VirtualHost,
            UserName = broker.User,
            Password = broker.Password,
            ClientProvidedName = $"{agent.Id} publisher",
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(5),
            Ssl = new() { Enabled = broker.Tls, ServerName = broker.Host },
        };
    }

    private async Task CloseAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or OperationInterruptedException or AlreadyClosedException or OperationCanceledException)
        {
            // It was broken; there is nothing left to close.
        }
    }
}
