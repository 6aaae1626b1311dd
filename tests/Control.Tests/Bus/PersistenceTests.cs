using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Control.Bus;

namespace Platform.Control.Tests.Bus;

public sealed class PersistenceTests
{
    private readonly Persistence _persistence = new(
        TimeProvider.System,
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()),
        NullLogger<Persistence>.Instance);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_databases_faults_are_sat_out()
    {
        var attempts = 0;

        await _persistence.UntilDoneAsync(
            _ => ++attempts < 4 ? throw new InvalidOperationException("wrapped", new NpgsqlException("away")) : Task.CompletedTask,
            _ => throw new UnreachableException(),
            Ct);

        attempts.ShouldBe(4);
    }

    [Fact]
    public async Task Another_fault_is_given_up_after_some_attempts()
    {
        var (attempts, givenUp) = (0, false);

        await _persistence.UntilDoneAsync(
            _ =>
            {
                attempts++;
                throw new FormatException("a fault of ours");
            },
            _ =>
            {
                givenUp = true;
                return Task.CompletedTask;
            },
            Ct);

        (attempts, givenUp).ShouldBe((5, true));
    }

    [Fact]
    public async Task Only_the_shutdown_ends_the_waiting()
    {
        using var stopping = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Should.ThrowAsync<OperationCanceledException>(() => _persistence.UntilDoneAsync(
            _ => throw new NpgsqlException("away"), _ => throw new UnreachableException(), stopping.Token));
    }

    private sealed class UnreachableException : Exception;
}
