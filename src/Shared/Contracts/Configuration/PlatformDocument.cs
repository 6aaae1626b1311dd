using System.Text.Json;

namespace Platform.Contracts.Configuration;

/// <summary>What every agent of a group needs, whoever calls.</summary>
public sealed record PlatformDocument : WireDocument
{
    /// <summary>The authority's public signing keys as JSON Web Keys (RFC 7517), so that agents verify with Control down.</summary>
    public IReadOnlyList<JsonElement> SigningKeys { get; init; } = [];

    /// <summary>Peppers in use, the newest last; sealed with kind <see cref="SealedSecret.PepperKind"/> and the pepper's id.</summary>
    public IReadOnlyList<PepperEntry> Peppers { get; init; } = [];

    /// <summary>Models that every tenant of the group may call.</summary>
    public IReadOnlyList<ModelEntry> Catalog { get; init; } = [];

    /// <summary>Base prices.</summary>
    public IReadOnlyList<PriceEntry> Prices { get; init => field = value ?? []; } = [];

    /// <summary>The floor: policies that hold for every tenant, before its own.</summary>
    public IReadOnlyList<GuardrailPolicyEntry> Guardrails { get; init => field = value ?? []; } = [];

    /// <summary>Networks (CIDR) that tenants' own endpoints may be in although they are private.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; init => field = value ?? []; } = [];
}

/// <param name="Id">What an <see cref="ApiKeyEntry.PepperId"/> refers to.</param>
/// <param name="Secret">32 random bytes, sealed for the group as <see cref="Ids.TenantId.Platform"/>'s.</param>
public sealed record PepperEntry(string Id, SealedSecret Secret);
