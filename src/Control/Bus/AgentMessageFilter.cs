using MassTransit;

namespace Platform.Control.Bus;

/// <summary>
/// Takes a message off an agents' queue before MassTransit would read it: the signature is over the exact bytes, and a
/// body that nobody can read must reach the quarantine, not an error queue. When the handler returns, the message is
/// acknowledged; when it throws (only at shutdown), the broker keeps it.
/// </summary>
internal sealed class AgentMessageFilter(Func<AgentMessage, CancellationToken, Task> handle, CancellationToken stopping) : IFilter<ReceiveContext>
{
    /// <summary>Before a message is given back, so that the consumer, until it is cancelled, does not get it at once again and again.</summary>
    private static readonly TimeSpan GiveBackDelay = TimeSpan.FromMilliseconds(250);

    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        try
        {
            await handle(AgentMessage.From(context), either.Token);
        }
        catch (OperationCanceledException)
        {
            await Task.Delay(GiveBackDelay, CancellationToken.None);
            throw;
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("agent-message");
}
