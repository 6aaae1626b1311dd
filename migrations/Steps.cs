using Npgsql;
using Platform.Control.Data;
using RabbitMQ.Client.Exceptions;

namespace Platform.Migrations;

/// <summary>The two halves of a set-up. Each waits a bounded time for its server, and may be run any number of times.</summary>
internal static class Steps
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="MigrationException">The operator must act.</exception>
    public static async Task DatabaseAsync(OwnerSettings settings, CancellationToken ct)
    {
        var where = new NpgsqlConnectionStringBuilder(settings.Owner);
        await using var owner = DatabaseOptions.Open(settings.Owner, "migrations");
        try
        {
            await using var one = await WaitAsync(
                () => owner.OpenConnectionAsync(ct).AsTask(), e => e is NpgsqlException and not PostgresException { IsTransient: false }, ct);
            await LockAsync(one, ct);
            await RoleSetUp.RunAsync(owner, settings, ct);
            await SchemaSetUp.RunAsync(owner, ct);
        }
        catch (PostgresException e)
        {
            throw new MigrationException($"PostgreSQL at {where.Host}:{where.Port} refused as user {where.Username} ({e.SqlState}: {e.MessageText}); mend the role or Database:Owner.", e);
        }
        catch (NpgsqlException e)
        {
            throw new MigrationException($"PostgreSQL at {where.Host}:{where.Port} cannot be reached ({e.Message}); start it or mend Database:Owner.", e);
        }
    }

    /// <exception cref="MigrationException">The operator must act.</exception>
    public static async Task BrokerAsync(TopologySettings settings, CancellationToken ct)
    {
        try
        {
            await WaitAsync(
                async () =>
                {
                    await BrokerTopology.DeclareAsync(settings, ct);
                    return true;
                },
                e => e is BrokerUnreachableException { InnerException: not AuthenticationFailureException and not PossibleAuthenticationFailureException },
                ct);
        }
        catch (Exception e) when (e is RabbitMQClientException or BrokerUnreachableException or TimeoutException)
        {
            var reason = e.GetBaseException().Message.ReplaceLineEndings(" ");
            throw new MigrationException($"RabbitMQ at {settings.Host}:{settings.Port} did not do as asked ({reason}); start it or mend Broker.", e);
        }
    }

    /// <summary>Two runs at once take turns; the session's end releases it.</summary>
    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(hashtext('platform.migrations'))", connection);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<T> WaitAsync<T>(Func<Task<T>> attempt, Func<Exception, bool> mayPass, CancellationToken ct)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception e) when (mayPass(e) && TimeProvider.System.GetElapsedTime(deadline) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), ct);
            }
        }
    }
}
