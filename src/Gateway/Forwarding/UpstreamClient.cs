namespace Platform.Gateway.Forwarding;

/// <summary>Connections that end with the last of their users; whoever keeps it for others is a user too.</summary>
internal sealed class UpstreamClient(HttpMessageInvoker invoker, GuardedHandler? guard) : IDisposable
{
    private int _users = 1;

    public HttpMessageInvoker Invoker => invoker;

    /// <summary>False where the last user has left.</summary>
    public bool TryEnter()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            Dispose();
    }

    /// <inheritdoc cref="GuardedHandler.CloseOthers"/>
    public void CloseOthers()
    {
        if (!TryEnter())
            return;
        guard?.CloseOthers();
        Leave();
    }

    public void Dispose() => invoker.Dispose();
}
