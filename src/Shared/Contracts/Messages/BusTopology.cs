using Platform.Contracts.Ids;

namespace Platform.Contracts.Messages;

/// <summary>
/// Names on the broker. <c>migrations</c> declares the durable ones; Control declares a group's exchange with the
/// group; an agent declares only its own auto-delete queue.
/// </summary>
public static class BusTopology
{
    /// <summary>Fanout exchange and quorum queue of <see cref="UsageBatch"/>.</summary>
    public const string Usage = "platform.usage";

    /// <summary>Fanout exchange and quorum queue of <see cref="ConfigApplied"/> and <see cref="JournalHeads"/>.</summary>
    public const string Agents = "platform.agents";

    /// <summary>Routing keys on a group's exchange, one for each message.</summary>
    public const string ChangedKey = "changed";
    public const string HeadKey = "head";
    public const string ReplayKey = "replay";

    /// <summary>Bound of each quorum queue in bytes; a publish beyond it is refused, never dropped.</summary>
    public const long QueueMaxBytes = 256L * 1024 * 1024;

    /// <summary>
    /// Redeliveries before the broker drops a message: without end for our purposes. RabbitMQ 4 drops after 20 where
    /// nothing is said, and a database may be away for longer.
    /// </summary>
    public const int QueueDeliveryLimit = 1_000_000_000;

    /// <summary>AMQP header with the <see cref="MessageSignature"/> of what an agent publishes.</summary>
    public const string SignatureHeader = "x-agent-signature";

    /// <summary>AMQP header with the sender's <see cref="AgentId"/>.</summary>
    public const string AgentHeader = "x-agent-id";

    /// <summary>AMQP header that tells which message an agent published; one of the three below.</summary>
    public const string TypeHeader = "x-message-type";
    public const string UsageBatchType = "usage-batch";
    public const string ConfigAppliedType = "config-applied";
    public const string JournalHeadsType = "journal-heads";

    /// <summary>Direct, durable exchange from which a group's agents hear.</summary>
    public static string ConfigExchange(AgentGroupName group) => $"platform.config.{group}";

    /// <summary>
    /// Direct, auto-delete exchange over which a group's agents talk with each other; what goes over it is sealed with the
    /// group's key. Its agents declare it.
    /// </summary>
    public static string PeersExchange(AgentGroupName group) => $"platform.peers.{group}";

    /// <summary>Where one boot of an agent hears the others.</summary>
    public static string PeerQueue(AgentId agent, BootId boot) => $"{AgentQueue(agent)}.peers.{boot}";

    /// <summary>An agent's own auto-delete queue, and its broker user's name.</summary>
    public static string AgentQueue(AgentId agent) => $"agent.{agent}";
}
