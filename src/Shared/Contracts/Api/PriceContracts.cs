using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Configuration;

namespace Platform.Contracts.Api;

/// <summary>POST /api/v1/operator/prices for base prices, and /api/v1/operator/tenants/{tenantId}/prices for a tenant's own.</summary>
public sealed record PriceRequest
{
    /// <summary>The model's name as it is served.</summary>
    [Required, RegularExpression("^[A-Za-z0-9._:/@-]{1,128}$")]
    public string Model { get; init; } = "";

    [Required, Currency]
    public string Currency { get; init; } = "";

    [Required, AtLeastOne]
    public PriceSpec Price { get; init; } = new();

    /// <summary>Inclusive; at most 31 days back, for prices that were agreed and not entered.</summary>
    [Required, BillingInstant]
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>Exclusive; null while no end is known.</summary>
    [BillingInstant]
    public DateTimeOffset? EffectiveTo { get; init; }
}

/// <summary>PUT on a price: its end alone. What was charged by it stays as it was; another price is another resource.</summary>
public sealed record UpdatePriceRequest
{
    /// <summary>Exclusive, in the future; null takes the end away.</summary>
    [BillingInstant]
    public DateTimeOffset? EffectiveTo { get; init; }
}

/// <param name="Base">The platform's price, which holds where a tenant has none of its own for the model.</param>
public sealed record PriceAnswer(
    Guid Id,
    string Model,
    string Currency,
    PriceSpec Price,
    DateTimeOffset EffectiveFrom,
    DateTimeOffset? EffectiveTo,
    bool Base,
    DateTimeOffset CreatedAt,
    long Version) : IVersioned;
