using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts.Api;

/// <summary>POST /api/v1/tenants/{tenantId}/identity-providers, and PUT on one of them.</summary>
public sealed record IdentityProviderRequest : IValidatableObject
{
    public const int MaxRoles = 100;

    private const int MaxGroup = 256;

    /// <summary>Unique among the tenant's identity providers.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>The issuer, exactly as its discovery document says it; https.</summary>
    [Required, StringLength(500, MinimumLength = 1)]
    public string Issuer { get; init; } = "";

    /// <summary>The client that is registered there for this platform, with the redirect address that the answer names.</summary>
    [Required, StringLength(200, MinimumLength = 1)]
    public string ClientId { get; init; } = "";

    /// <summary>Never shown again. Null keeps what is there; an empty text makes the client a public one.</summary>
    [StringLength(1000)]
    public string? ClientSecret { get; init; }

    /// <summary>People whose addresses end in it sign in here; it has to be verified first. Lower case.</summary>
    [Required, StringLength(253), RegularExpression("^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z][a-z0-9-]{0,61}[a-z0-9]$")]
    public string Domain { get; init; } = "";

    /// <summary>The claim of the id token that lists a person's groups.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string GroupsClaim { get; init; } = "groups";

    /// <summary>Group to role; of several, the highest counts. <c>owner</c> only where the caller is one.</summary>
    [Required]
    public IReadOnlyDictionary<string, string> RoleMapping { get; init; } = new Dictionary<string, string>();

    /// <summary>For people without a mapped group: admin, developer or billing; null refuses them.</summary>
    [AllowedValues(null, TenantRoles.Admin, TenantRoles.Developer, TenantRoles.Billing)]
    public string? DefaultRole { get; init; }

    public bool Enabled { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RoleMapping.Count > MaxRoles)
            yield return new($"There are at most {MaxRoles} mapped groups.", [nameof(RoleMapping)]);
        if (RoleMapping.Keys.Any(g => g.Length is 0 or > MaxGroup))
            yield return new($"A group has 1 to {MaxGroup} characters.", [nameof(RoleMapping)]);
        if (RoleMapping.Values.Any(r => r is not (TenantRoles.Owner or TenantRoles.Admin or TenantRoles.Developer or TenantRoles.Billing)))
            yield return new("Each group is mapped to owner, admin, developer or billing.", [nameof(RoleMapping)]);
    }
}

/// <param name="HasClientSecret">Whether one is stored.</param>
/// <param name="RedirectUri">To be registered for the client at the provider.</param>
/// <param name="VerificationUrl">Where the domain must show <paramref name="VerificationToken"/> to be verified.</param>
/// <param name="DomainVerifiedAt">Null while nobody can sign in here.</param>
public sealed record IdentityProviderAnswer(
    Guid Id,
    string Name,
    string Issuer,
    string ClientId,
    bool HasClientSecret,
    string RedirectUri,
    string Domain,
    string VerificationUrl,
    string VerificationToken,
    DateTimeOffset? DomainVerifiedAt,
    string GroupsClaim,
    IReadOnlyDictionary<string, string> RoleMapping,
    string? DefaultRole,
    bool Enabled,
    DateTimeOffset CreatedAt,
    long Version) : IVersioned;
