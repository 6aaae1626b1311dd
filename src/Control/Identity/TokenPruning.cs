using OpenIddict.Abstractions;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Identity;

/// <summary>Once an hour, removes tokens, authorizations, sessions and links that nobody can use any more, and accounts that nobody ever confirmed.</summary>
internal sealed class TokenPruning(IServiceScopeFactory scopes, TimeProvider time, ILogger<TokenPruning> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var until = time.GetUtcNow() - Kept;
                await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(until, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(until, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<UserSessions>().PruneAsync(until, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<OneTimeLinks>().PruneAsync(until, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<Registration>().PruneAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.PruningFailed(logger, e);
            }
        }
    }
}
