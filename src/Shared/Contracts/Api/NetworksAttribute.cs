using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Platform.Contracts.Api;

/// <summary>Every text is a network in CIDR notation (RFC 4632, RFC 4291 section 2.3), written with its first address: <c>10.0.0.0/8</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NetworksAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not IEnumerable<string?> texts)
            return ValidationResult.Success;
        var wrong = texts.Index().Where(t => !IsNetwork(t.Item)).Select(t => t.Index).ToList();
        return wrong.Count == 0
            ? ValidationResult.Success
            : new ValidationResult($"must be networks like 192.0.2.0/24 or 2001:db8::/32, with no bits set after the prefix; wrong at {string.Join(", ", wrong)}.", [validationContext.MemberName ?? ""]);
    }

    private static bool IsNetwork(string? text) => text is { Length: <= 50 } && text.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(text, out _);
}
