using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Enrolment;

/// <summary>POST /agent/v1/enrolment, anonymous: the one-time token is the credential.</summary>
public sealed record EnrolAgentRequest
{
    /// <summary>As an operator got it from <c>POST /api/v1/agent-groups/{group}/enrolment-tokens</c>.</summary>
    [Required, StringLength(200)]
    public string Token { get; init; } = "";

    [Required, StringLength(100)]
    public string Name { get; init; } = "";

    [StringLength(100)]
    public string? Version { get; init; }

    /// <summary>Free text such as <c>bluefield-3</c> or <c>server</c>.</summary>
    [StringLength(100)]
    public string? HostKind { get; init; }

    /// <summary>SubjectPublicKeyInfo (DER, base64) of an ECDSA P-256 key: client assertions and message signatures.</summary>
    [Required, StringLength(200)]
    public string SigningKey { get; init; } = "";

    /// <summary>SubjectPublicKeyInfo (DER, base64) of an ECDH P-256 key: what Control seals for this agent.</summary>
    [Required, StringLength(200)]
    public string EncryptionKey { get; init; } = "";
}

/// <param name="ClientId">The OAuth client for private_key_jwt (RFC 7523) at <paramref name="TokenEndpoint"/>.</param>
/// <param name="Secrets">An <see cref="AgentSecrets"/> document, sealed to the agent's encryption key; stored as it is.</param>
public sealed record EnrolAgentAnswer(
    AgentId AgentId,
    AgentGroupName Group,
    string ClientId,
    Uri Issuer,
    Uri TokenEndpoint,
    SealedForAgent Secrets);

/// <summary>The clear text of <see cref="EnrolAgentAnswer.Secrets"/>, JSON.</summary>
public sealed record AgentSecrets(IReadOnlyList<GroupKey> GroupKeys, BrokerAccess Broker);

/// <param name="Key">32 bytes.</param>
public sealed record GroupKey(string Id, byte[] Key);

public sealed record BrokerAccess(string Host, int Port, string VirtualHost, string User, string Password, bool Tls);

public static class AgentApi
{
    /// <summary>Audience and scope of an agent's access token.</summary>
    public const string Scope = "platform.agent";
    public const string EnrolmentPath = "/agent/v1/enrolment";

    /// <summary>GET with <c>after</c> and <c>epoch</c>: application/x-ndjson, a head and then a resource a line.</summary>
    public const string ConfigPath = "/agent/v1/config";

    /// <summary>GET: a fresh <see cref="SealedForAgent"/> with the group's current keys and the broker's address.</summary>
    public const string SecretsPath = "/agent/v1/secrets";
}
