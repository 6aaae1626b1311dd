using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Api;

namespace Platform.Contracts.Configuration;

/// <summary>Ceilings; null is none. Tokens are input and output together.</summary>
public sealed record QuotaSpec(
    [property: Range(1, 1e9)] long? RequestsPerMinute = null,
    [property: Range(1, 1e12)] long? RequestsPerDay = null,
    [property: Range(1, 1e12)] long? TokensPerMinute = null,
    [property: Range(1, 1e15)] long? TokensPerDay = null,
    [property: Range(1, 1e6)] int? ConcurrentRequests = null);

/// <param name="Scope">One of <see cref="LimitScopes"/>.</param>
/// <param name="ScopeId">The project or key; null for the tenant.</param>
/// <param name="Model">Null for all models together.</param>
public sealed record QuotaEntry(Guid Id, string Scope, Guid? ScopeId, string? Model, QuotaSpec Limits);

/// <param name="Scope">One of <see cref="LimitScopes"/>.</param>
/// <param name="ScopeId">The project or key; null for the tenant.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
/// <param name="Window">One of <see cref="BudgetWindows"/>.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Thresholds">Percents of the amount that alert, rising.</param>
/// <param name="HardStop">Requests are refused when the amount is spent.</param>
public sealed record BudgetEntry(
    Guid Id,
    string Name,
    string Scope,
    Guid? ScopeId,
    decimal Amount,
    string Currency,
    string Window,
    string TimeZone,
    IReadOnlyList<int> Thresholds,
    bool HardStop);

/// <summary>Money for each unit, in the price's currency; null where the model has no such unit. Tokens and characters are for a million.</summary>
/// <param name="PerSecond">Of audio that was written down.</param>
/// <param name="PerMillionCharacters">Of text that was spoken.</param>
/// <param name="PerCachedAnswer">Instead of all others, for an answer that came from the cache.</param>
public sealed record PriceSpec(
    [property: Amount(OrZero = true)] decimal? InputPerMillion = null,
    [property: Amount(OrZero = true)] decimal? CachedInputPerMillion = null,
    [property: Amount(OrZero = true)] decimal? CacheWritePerMillion = null,
    [property: Amount(OrZero = true)] decimal? OutputPerMillion = null,
    [property: Amount(OrZero = true)] decimal? ReasoningPerMillion = null,
    [property: Amount(OrZero = true)] decimal? PerRequest = null,
    [property: Amount(OrZero = true)] decimal? PerImage = null,
    [property: Amount(OrZero = true)] decimal? PerSecond = null,
    [property: Amount(OrZero = true)] decimal? AudioInputPerMillion = null,
    [property: Amount(OrZero = true)] decimal? AudioOutputPerMillion = null,
    [property: Amount(OrZero = true)] decimal? PerMillionCharacters = null,
    [property: Amount(OrZero = true)] decimal? PerCachedAnswer = null);

/// <param name="Model">The model's name as it is served.</param>
/// <param name="EffectiveFrom">Inclusive.</param>
/// <param name="EffectiveTo">Exclusive; null while no end is known.</param>
public sealed record PriceEntry(
    Guid Id, string Model, string Currency, PriceSpec Price, DateTimeOffset EffectiveFrom, DateTimeOffset? EffectiveTo);
