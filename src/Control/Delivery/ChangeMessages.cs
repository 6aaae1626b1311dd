using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;

namespace Platform.Control.Delivery;

/// <summary>One message for what changed in a group: whole while small, else only the revisions.</summary>
internal static class ChangeMessages
{
    public const int MaxBytes = 256 * 1024;

    public static ConfigChanged Make(AgentGroupName group, Guid epoch, long from, long to, IReadOnlyList<ConfigResource> resources)
    {
        var whole = new ConfigChanged(group, epoch, from, to, resources);
        return JsonSerializer.SerializeToUtf8Bytes(whole, WireJson.Default.ConfigChanged).Length <= MaxBytes
            ? whole
            : whole with { Resources = [] };
    }
}
