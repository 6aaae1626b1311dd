using System.Buffers;
using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Gateway.Configuration;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Routing;

namespace Platform.Gateway.Delivery;

/// <summary>Brings changes into force, whether they were sent or fetched. For one at a time.</summary>
internal sealed class ConfigApplier(
    CurrentSnapshot current, SnapshotStore store, EndpointStates states, ControlClient control, DeliverySettings settings, ILogger<ConfigApplier> logger)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    public SessionEnd Apply(ConfigChanged message, EnrolledAgent agent)
    {
        using var session = Begin(full: false, agent);
        foreach (var resource in message.Resources)
            session.Take(Resource.From(resource));
        return session.Finish(message.Epoch, message.To);
    }

    /// <summary>Fetches what is missing, or everything, and brings it into force while it comes.</summary>
    /// <exception cref="InvalidDataException">What came is not a catch-up answer for this agent.</exception>
    public async Task<SessionEnd> PullAsync(bool everything, EnrolledAgent agent, CancellationToken token)
    {
        var mine = everything ? Snapshot.Empty : current.Value ?? Snapshot.Empty;
        using var response = await control.GetConfigAsync(mine.Revision, mine == Snapshot.Empty ? null : mine.Epoch, token);
        using var deadline = new CallDeadline(IdleTime, token);
        return await deadline.GuardAsync(async within =>
        {
            var stream = await response.Content.ReadAsStreamAsync(within);
            await using var lines = BoundedLines
                .ReadAsync(stream, settings.MaxLineBytes, () => deadline.Extend(IdleTime), within).GetAsyncEnumerator(within);
            var head = await ReadHeadAsync(lines, mine, agent.Identity.Group);
            if (!head.Full && head.Revision == mine.Revision)
                return new SessionEnd(NeedsSecrets: false, IsStored: true);
            using var session = Begin(head.Full, agent);
            while (await lines.MoveNextAsync())
                session.Take(ReadResource(lines.Current));
            return session.Finish(head.Epoch, head.Revision);
        });
    }

    private static async Task<ConfigCatchUpHead> ReadHeadAsync(
        IAsyncEnumerator<ReadOnlySequence<byte>> lines, Snapshot mine, AgentGroupName group)
    {
        if (!await lines.MoveNextAsync() || Parse(lines.Current, WireJson.Default.ConfigCatchUpHead) is not { } head)
            throw new InvalidDataException("The catch-up answer has no head.");
        if (head.Group != group)
            throw new InvalidDataException("The catch-up answer is for another group.");
        if (!head.Full && (head.Epoch != mine.Epoch || head.Revision < mine.Revision))
            throw new InvalidDataException("The catch-up answer does not continue what the agent holds.");
        return head;
    }

    private static Resource ReadResource(ReadOnlySequence<byte> line) =>
        Parse(line, WireJson.Default.ConfigResource) is { Kind: not null, Key: not null } resource
            ? Resource.From(resource)
            : throw new InvalidDataException("A line of the catch-up answer is no resource.");

    private static T? Parse<T>(ReadOnlySequence<byte> line, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize(ref reader, type);
    }

    private ConfigSession Begin(bool full, EnrolledAgent agent) =>
        new(full, new(agent.Identity.Group, agent.Secrets.GroupKeys), current, store, states, logger);
}
