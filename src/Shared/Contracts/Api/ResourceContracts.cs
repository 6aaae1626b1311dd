using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>An answer whose version is its ETag: <c>"v3"</c> for 3.</summary>
public interface IVersioned
{
    long Version { get; }
}

/// <summary>An answer that shows a secret once.</summary>
public interface ISecretAnswer
{
    /// <summary>The same answer without the secret, as a replay and a dry run give it.</summary>
    object WithoutSecret(bool replayed);
}

/// <summary>The answer to a write with <c>?dryRun=true</c>: nothing was changed.</summary>
/// <param name="Resource">The resource as it would be; null where it would be gone.</param>
/// <param name="Agents">The documents that agents would get; empty where they would not notice.</param>
public sealed record DryRunAnswer<T>(T? Resource, IReadOnlyList<ConfigPreview> Agents)
{
    public bool DryRun => true;
}

/// <param name="Kind">One of <see cref="Configuration.ConfigKinds"/>.</param>
/// <param name="Document">As agents of the group would get it, hashes and sealed secrets blotted out; null where it would be taken from them.</param>
public sealed record ConfigPreview(AgentGroupName Group, string Kind, string Key, JsonElement? Document);
