using System.Text.Json.Serialization;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Enrolment;

/// <summary>
/// What enrolment left on disk (<c>identity.json</c>). Group keys and the broker's password are in it only as Control
/// sealed them.
/// </summary>
/// <param name="SigningKey">PKCS #8 of the ECDSA key.</param>
/// <param name="EncryptionKey">PKCS #8 of the ECDH key.</param>
internal sealed record AgentIdentity(
    AgentId AgentId,
    AgentGroupName Group,
    string ClientId,
    Uri Issuer,
    Uri TokenEndpoint,
    byte[] SigningKey,
    byte[] EncryptionKey,
    SealedForAgent Secrets);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AgentIdentity))]
internal sealed partial class IdentityJson : JsonSerializerContext;
