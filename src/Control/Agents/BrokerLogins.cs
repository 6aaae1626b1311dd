using System.Security.Cryptography;
using System.Text;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Control.Bus;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Agents;

/// <summary>
/// How agents log in at the broker: each as itself where the management API can make users, else all as one user that
/// the operator made. Their reports are signed either way.
/// </summary>
internal sealed class BrokerLogins(BrokerSettings settings, BrokerUsers users, MasterKey master, ILogger<BrokerLogins> log)
{
    public bool AreShared => settings.ManagementUrl is null;

    /// <summary>Makes the agent's user.</summary>
    /// <returns>Its password, sealed for <see cref="AgentRow.BrokerSecret"/>; null where agents share a user.</returns>
    /// <exception cref="HttpRequestException">The broker's management API refused, or cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">Neither a management API nor a shared user is set up.</exception>
    public async Task<byte[]?> CreateAsync(AgentId agent, AgentGroupName group, CancellationToken ct)
    {
        if (AreShared)
        {
            if (settings.AgentUser is null)
                throw new InvalidOperationException("Agents have no way to log in at the broker: set Broker:ManagementUrl or Broker:AgentUser.");
            log.BrokerUserShared();
            return null;
        }
        var password = RandomNumberGenerator.GetHexString(64, lowercase: true);
        await users.CreateAsync(agent, password, settings.VirtualHost, BrokerPermissions.For(agent, group), ct);
        return master.Seal(Encoding.UTF8.GetBytes(password), AgentRow.BrokerContextOf(agent));
    }

    /// <exception cref="HttpRequestException">The broker's management API refused, or cannot be reached.</exception>
    public Task DeleteAsync(AgentId agent, CancellationToken ct) => AreShared ? Task.CompletedTask : users.DeleteAsync(agent, ct);

    public BrokerAccess AccessOf(AgentId agent, byte[]? brokerSecret) =>
        brokerSecret is null
            ? settings.AccessFor(settings.AgentUser ?? "", settings.AgentPassword ?? "")
            : settings.AccessFor(BusTopology.AgentQueue(agent), Encoding.UTF8.GetString(master.Open(brokerSecret, AgentRow.BrokerContextOf(agent))));
}
