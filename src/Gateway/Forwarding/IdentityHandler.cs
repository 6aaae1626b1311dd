using Platform.Gateway.Configuration;

namespace Platform.Gateway.Forwarding;

/// <summary>Sends through the connections of a pool's own identity. An answer that has begun keeps its connection to its end, whatever becomes of the others.</summary>
internal sealed class IdentityHandler(IdentityClients clients, PoolModel pool, UpstreamIdentity identity) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var client = clients.Enter(pool, identity);
        try
        {
            return await client.Invoker.SendAsync(request, cancellationToken);
        }
        finally
        {
            client.Leave();
        }
    }
}
