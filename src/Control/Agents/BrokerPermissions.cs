using Platform.Contracts.Ids;
using Platform.Contracts.Messages;

namespace Platform.Control.Agents;

/// <summary>
/// What one agent's broker user may touch, as RabbitMQ's regular expressions: its own queues, its group's exchange,
/// the one over which its group's agents talk, and the two exchanges it reports to. Ids and group names hold no character with a meaning there.
/// </summary>
internal sealed record BrokerPermissions(string Configure, string Write, string Read)
{
    public static BrokerPermissions For(AgentId agent, AgentGroupName group)
    {
        var own = $"{Escape(BusTopology.AgentQueue(agent))}([._].*)?";
        var exchange = Escape(BusTopology.ConfigExchange(group));
        var peers = Escape(BusTopology.PeersExchange(group));
        return new(
            $"^({own}|{exchange}|{peers})$",
            $"^({own}|{peers}|{Escape(BusTopology.Usage)}|{Escape(BusTopology.Agents)})$",
            $"^({own}|{exchange}|{peers})$");
    }

    private static string Escape(string name) => name.Replace(".", "\\.", StringComparison.Ordinal);
}
