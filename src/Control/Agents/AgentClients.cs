using OpenIddict.Abstractions;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;

namespace Platform.Control.Agents;

/// <summary>An agent's OAuth client: client_credentials with private_key_jwt (RFC 7523), for <see cref="AgentApi.Scope"/> only.</summary>
internal sealed class AgentClients(IOpenIddictApplicationManager applications)
{
    private const string Marker = "agent-";

    public static string ClientId(AgentId agent) => Marker + agent;

    public static AgentId? AgentOf(string? subject) =>
        subject is not null && subject.StartsWith(Marker, StringComparison.Ordinal) && AgentId.TryParse(subject[Marker.Length..], null, out var id) ? id : null;

    public async Task CreateAsync(AgentId agent, string name, AgentKeys keys, CancellationToken ct) =>
        await applications.CreateAsync(
            new OpenIddictApplicationDescriptor
            {
                ClientId = ClientId(agent),
                ClientType = OpenIddictConstants.ClientTypes.Confidential,
                DisplayName = name,
                JsonWebKeySet = keys.ToJsonWebKeySet(),
                Permissions =
                {
                    OpenIddictConstants.Permissions.Endpoints.Token,
                    OpenIddictConstants.Permissions.GrantTypes.ClientCredentials,
                    OpenIddictConstants.Permissions.Prefixes.Scope + AgentApi.Scope,
                },
            },
            ct);

    /// <summary>Deletes the client and its tokens; one that is not there is deleted.</summary>
    public async Task DeleteAsync(AgentId agent, CancellationToken ct)
    {
        if (await applications.FindByClientIdAsync(ClientId(agent), ct) is { } application)
            await applications.DeleteAsync(application, ct);
    }
}
