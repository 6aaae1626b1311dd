using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Messages;

/// <summary>
/// Control to the agents of a group: what changed after <paramref name="From"/>, up to <paramref name="To"/>. An empty
/// list with a new revision means: too large to send, come and fetch it.
/// </summary>
/// <param name="From">The group's revision before.</param>
/// <param name="To">The group's revision after.</param>
public sealed record ConfigChanged(AgentGroupName Group, Guid Epoch, long From, long To, IReadOnlyList<ConfigResource> Resources);

/// <summary>Control to the agents of a group, every 500 ms and after each change: where they should be.</summary>
public sealed record ConfigHead(AgentGroupName Group, Guid Epoch, long Revision);
