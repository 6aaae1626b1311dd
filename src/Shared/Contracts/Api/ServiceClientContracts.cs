using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts.Api;

/// <summary>POST /api/v1/tenants/{tenantId}/service-clients, and PUT on one of them.</summary>
public sealed record ServiceClientRequest : IValidatableObject
{
    /// <summary>For people: what the program is.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>What it may do in the tenant: admin, developer or billing. A program owns no tenant.</summary>
    [Required, AllowedValues(TenantRoles.Admin, TenantRoles.Developer, TenantRoles.Billing)]
    public string Role { get; init; } = "";

    /// <summary>What its tokens may be asked for, of <see cref="ApiScopes"/>: they narrow the role and never widen it.</summary>
    [Required, Length(1, 3)]
    public IReadOnlyList<string> Scopes { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Scopes.Any(s => s is not (ApiScopes.All or ApiScopes.Read or ApiScopes.Usage)) || Scopes.Distinct().Count() != Scopes.Count)
            yield return new($"Each scope is one of {ApiScopes.All}, {ApiScopes.Read}, {ApiScopes.Usage}, and none stands twice.", [nameof(Scopes)]);
    }
}

/// <param name="ClientId">The <c>client_id</c> at the token endpoint, and the <c>sub</c> of its tokens.</param>
/// <param name="Role">One of <see cref="TenantRoles"/>; null where its membership was removed, so that it has no right.</param>
/// <param name="CreatedBy">The principal that made it.</param>
/// <param name="RotatedAt">When its secret was last replaced.</param>
public sealed record ServiceClientAnswer(
    Guid Id,
    string ClientId,
    string Name,
    string? Role,
    IReadOnlyList<string> Scopes,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RotatedAt,
    long Version) : IVersioned;

/// <param name="ClientSecret">Shown here once; null in a replay and a dry run.</param>
public sealed record ServiceClientSecretAnswer(ServiceClientAnswer Client, string? ClientSecret, bool Replayed = false) : IVersioned, ISecretAnswer
{
    public long Version => Client.Version;

    public object WithoutSecret(bool replayed) => this with { ClientSecret = null, Replayed = replayed };
}
