using Platform.Contracts.Ids;

namespace Platform.Control.Agents;

/// <summary>What an agent authenticates with elsewhere: its OAuth client and its broker user.</summary>
internal sealed class AgentAccounts(AgentClients clients, BrokerLogins logins)
{
    /// <summary>Makes both.</summary>
    /// <returns>The broker user's password, sealed; null where agents share a user.</returns>
    /// <exception cref="HttpRequestException">The broker's management API refused, or cannot be reached.</exception>
    public async Task<byte[]?> CreateAsync(AgentId agent, AgentGroupName group, string name, AgentKeys keys, CancellationToken ct)
    {
        await clients.CreateAsync(agent, name, keys, ct);
        return await logins.CreateAsync(agent, group, ct);
    }

    /// <summary>Deletes both, the broker user first: its connections end with it. Safe to repeat.</summary>
    /// <exception cref="HttpRequestException">The broker's management API refused, or cannot be reached.</exception>
    public async Task DeleteAsync(AgentId agent, CancellationToken ct)
    {
        await logins.DeleteAsync(agent, ct);
        await clients.DeleteAsync(agent, ct);
    }
}
