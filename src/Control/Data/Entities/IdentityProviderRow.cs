using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A tenant's own OpenID Connect server, by which its people sign in.</summary>
internal sealed class IdentityProviderRow
{
    public TenantId TenantId { get; init; }

    public Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The issuer, exactly as its discovery document says it.</summary>
    public required string Issuer { get; set; }

    public required string ClientId { get; set; }

    /// <summary>Sealed with the master key, context <see cref="ContextOf"/>; null for a public client.</summary>
    public byte[]? SealedSecret { get; set; }

    /// <summary>The domain of the addresses that sign in here, lower case.</summary>
    public required string Domain { get; set; }

    /// <summary>What the domain must show to be verified.</summary>
    public required string VerificationToken { get; set; }

    public DateTimeOffset? DomainVerifiedAt { get; set; }

    /// <summary>The claim that lists a person's groups.</summary>
    public required string GroupsClaim { get; set; }

    /// <summary>Group to role, a JSON object; the highest role of a person's groups wins.</summary>
    public JsonElement RoleMapping { get; set; }

    /// <summary>For a person without a mapped group; null refuses them.</summary>
    public string? DefaultRole { get; set; }

    public bool Enabled { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;

    public static string ContextOf(TenantId tenant, Guid id) => $"identity-provider\n{tenant}\n{id}";
}
