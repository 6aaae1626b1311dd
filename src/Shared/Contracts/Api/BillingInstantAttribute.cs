using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts.Api;

/// <summary>An instant of the years 2000 to 2199; null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BillingInstantAttribute : ValidationAttribute
{
    public BillingInstantAttribute()
        : base("must lie between the years 2000 and 2199.")
    {
    }

    public override bool IsValid(object? value) => value is null || value is DateTimeOffset { UtcDateTime.Year: >= 2000 and < 2200 };
}
