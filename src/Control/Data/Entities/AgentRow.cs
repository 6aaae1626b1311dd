using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>One enrolled gateway agent and what it last said.</summary>
internal sealed class AgentRow
{
    public AgentId Id { get; init; }

    public AgentGroupName GroupName { get; init; }

    public required string Name { get; set; }

    public string? Version { get; set; }

    public string? HostKind { get; set; }

    /// <summary>SubjectPublicKeyInfo (DER) of an ECDSA P-256 key.</summary>
    public required byte[] SigningKey { get; init; }

    /// <summary>SubjectPublicKeyInfo (DER) of an ECDH P-256 key.</summary>
    public required byte[] EncryptionKey { get; init; }

    /// <summary>
    /// The password of the agent's broker user, sealed with the master key, context <see cref="BrokerContextOf"/>; null
    /// where agents share a user.
    /// </summary>
    public byte[]? BrokerSecret { get; set; }

    public DateTimeOffset EnrolledAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When the revoked agent's broker user and OAuth client were gone; null while that is to be done.</summary>
    public DateTimeOffset? CutOffAt { get; set; }

    public DateTimeOffset? LastSeenAt { get; set; }

    public BootId? BootId { get; set; }

    public Guid? Epoch { get; set; }

    public long? AppliedRevision { get; set; }

    /// <summary>A list of <see cref="Contracts.Messages.RejectedResource"/>.</summary>
    public JsonElement? Rejected { get; set; }

    /// <summary>Grows with each change that an operator makes; not with what the agent reports.</summary>
    public long RowVersion { get; set; } = 1;

    public static string BrokerContextOf(AgentId id) => $"broker-user\n{id}";
}
