using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Control.Data;
using Platform.Control.Delivery;

namespace Platform.Control.Tests.Delivery;

public sealed class PublisherSessionTests(Servers servers) : IAsyncLifetime
{
    private ServiceProvider _services = null!;
    private DatabaseSettings _settings = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private PublisherSessions Sessions => _services.GetRequiredService<PublisherSessions>();

    public async ValueTask InitializeAsync()
    {
        _settings = await servers.NewDatabaseAsync();
        _services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(_settings)
            .AddSingleton<Database>().AddSingleton<ConfigEpoch>().AddSingleton<PublisherSessions>().BuildServiceProvider();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task One_session_publishes_and_a_standby_takes_over_when_it_breaks()
    {
        await using var active = await Sessions.OpenAsync(Ct);
        var standby = Sessions.OpenAsync(Ct);
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        standby.IsCompleted.ShouldBeFalse();
        var broken = Stopwatch.GetTimestamp();

        await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()");

        await using var next = await standby;
        Stopwatch.GetElapsedTime(broken).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        next.Epoch.ShouldBe(active.Epoch);
        await Should.ThrowAsync<NpgsqlException>(() => active.HeadsAsync(Ct));
    }

    [Fact]
    public async Task A_closed_session_lets_the_next_one_in_at_once()
    {
        var first = await Sessions.OpenAsync(Ct);
        await first.DisposeAsync();

        await using var second = await Sessions.OpenAsync(Ct).WaitAsync(TimeSpan.FromSeconds(2), Ct);

        second.Epoch.ShouldBe(first.Epoch);
    }

    [Fact]
    public async Task A_session_hears_of_a_commit()
    {
        await using var session = await Sessions.OpenAsync(Ct);
        (await session.WaitForChangeAsync(TimeSpan.FromMilliseconds(50), Ct)).ShouldBeFalse();

        await ExecuteAsync($"NOTIFY {ConfigWriter.Channel}");

        (await session.WaitForChangeAsync(TimeSpan.FromSeconds(5), Ct)).ShouldBeTrue();
    }

    [Fact]
    public async Task Another_life_of_the_database_is_another_epoch()
    {
        var first = await Sessions.OpenAsync(Ct);
        await first.DisposeAsync();
        await ExecuteAsync("UPDATE config_head SET database_fingerprint = 'restored from elsewhere'");

        var second = await Sessions.OpenAsync(Ct);
        await second.DisposeAsync();
        await using var third = await Sessions.OpenAsync(Ct);

        second.Epoch.ShouldNotBe(first.Epoch);
        third.Epoch.ShouldBe(second.Epoch);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(servers.Superuser(_settings));
        await connection.OpenAsync(Ct);
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Ct);
    }
}
