namespace Platform.Control.Identity;

/// <summary>Loads the authority's keys before the first socket opens.</summary>
internal sealed class KeysAtStart(SigningKeys keys) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => keys.LoadAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
