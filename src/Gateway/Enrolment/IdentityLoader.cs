namespace Platform.Gateway.Enrolment;

/// <summary>Takes up an identity from disk before anything else starts.</summary>
internal sealed class IdentityLoader(Agent agent, IdentityFile file, ILogger<IdentityLoader> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (file.Load() is { } identity)
        {
            agent.Enrol(new(identity));
            Log.Loaded(logger, identity.AgentId, identity.Group);
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
