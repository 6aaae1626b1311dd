using System.Text.Json;

namespace Platform.Gateway.Enrolment;

/// <summary><c>identity.json</c> in the data directory.</summary>
internal sealed class IdentityFile(DataDirectory directory)
{
    private const string Name = "identity.json";

    /// <exception cref="JsonException">The file is damaged: an operator must remove it and enrol anew.</exception>
    public AgentIdentity? Load() =>
        directory.Read(Name) is { } bytes ? JsonSerializer.Deserialize(bytes, IdentityJson.Default.AgentIdentity) : null;

    public void Save(AgentIdentity identity) =>
        directory.Write(Name, JsonSerializer.SerializeToUtf8Bytes(identity, IdentityJson.Default.AgentIdentity));
}
