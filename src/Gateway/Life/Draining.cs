using Microsoft.AspNetCore.Connections.Features;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Life;

/// <summary>
/// The way out on SIGTERM. First the notice: not ready any more, still serving, and every answer asks for its connection's
/// end, so that balancers turn away before the listeners go. Then nobody is let in, and running requests have until the
/// <see cref="DrainDeadline"/>.
/// </summary>
internal sealed class Draining(AgentSettings settings, DrainDeadline deadline, TimeProvider time, ILogger<Draining> logger) : IHostedLifecycleService
{
    private volatile bool _hasBegun;

    public bool HasBegun => _hasBegun;

    /// <summary>Runs before any hosted service is stopped, the web server among them.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _hasBegun = true;
        Log.Draining(logger, settings.NoticeSeconds, settings.DrainSeconds);
        if (settings.NoticeSeconds > 0)
            await Task.Delay(TimeSpan.FromSeconds(settings.NoticeSeconds), time, cancellationToken);
        deadline.Begin(TimeSpan.FromSeconds(settings.DrainSeconds));
    }

    /// <summary>While it drains: <c>connection: close</c>, or GOAWAY (RFC 9113, 6.8) after which the caller opens another.</summary>
    public void TurnAway(HttpContext context)
    {
        if (!_hasBegun)
            return;
        if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        else
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
