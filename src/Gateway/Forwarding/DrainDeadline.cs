using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Forwarding;

/// <summary>After SIGTERM running streams have so long to end; then they are cut with an error, and recorded.</summary>
internal sealed class DrainDeadline : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _registration;

    public DrainDeadline(IHostApplicationLifetime lifetime, AgentSettings settings) =>
        _registration = lifetime.ApplicationStopping.Register(() => _source.CancelAfter(TimeSpan.FromSeconds(settings.DrainSeconds)));

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
