using System.Security.Cryptography;
using System.Text.Json;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Json;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Agents;

/// <summary>What an agent must know and nobody else, sealed to its own key.</summary>
internal sealed class SecretsForAgents(GroupKeyRing keys, BrokerLogins logins)
{
    public async Task<SealedForAgent> SealAsync(ControlDb db, AgentRow agent, CancellationToken ct)
    {
        var secrets = new AgentSecrets(await keys.KeysAsync(db, agent.GroupName, ct), logins.AccessOf(agent.Id, agent.BrokerSecret));
        using var recipient = ECDiffieHellman.Create();
        recipient.ImportSubjectPublicKeyInfo(agent.EncryptionKey, out _);
        var clear = JsonSerializer.SerializeToUtf8Bytes(secrets, WireJson.Default.AgentSecrets);
        try
        {
            return SealedForAgent.Seal(clear, recipient, agent.Id);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }
}
