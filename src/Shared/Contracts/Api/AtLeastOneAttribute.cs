using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts.Api;

/// <summary>At least one member is not null.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtLeastOneAttribute : ValidationAttribute
{
    public AtLeastOneAttribute()
        : base("must have at least one member.")
    {
    }

    public override bool IsValid(object? value) =>
        value is null || value.GetType().GetProperties().Any(p => p.GetIndexParameters().Length == 0 && p.GetValue(value) is not null);
}
