using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts.Api;

/// <summary>1 to 8 percents from 1 to 1000, each above the one before it; null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RisingPercentsAttribute : ValidationAttribute
{
    public RisingPercentsAttribute()
        : base("must be 1 to 8 whole percents from 1 to 1000, rising.")
    {
    }

    public override bool IsValid(object? value) =>
        value is null
        || (value is IReadOnlyList<int> { Count: >= 1 and <= 8 } percents
            && percents.All(p => p is >= 1 and <= 1000)
            && percents.Zip(percents.Skip(1)).All(pair => pair.First < pair.Second));
}
