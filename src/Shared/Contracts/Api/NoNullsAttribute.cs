using System.Collections;
using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts.Api;

/// <summary>A list without <c>null</c> among its items: JSON can say it, and C#'s annotations do not keep it out.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NoNullsAttribute : ValidationAttribute
{
    public NoNullsAttribute()
        : base("must not have null among its items.")
    {
    }

    public override bool IsValid(object? value) => value is not IEnumerable items || items.Cast<object?>().All(i => i is not null);
}
