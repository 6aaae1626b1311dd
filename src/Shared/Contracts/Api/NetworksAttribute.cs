using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace Platform.Contracts.Api;

/// <summary>Every text is a network in CIDR notation (RFC 4632, RFC 4291 section 2.3), written with its first address: <c>10.0.0.0/8</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NetworksAttribute : ValidationAttribute
{
    private const int MappedBits = 96;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not IEnumerable<string?> texts)
            return ValidationResult.Success;
        var wrong = texts.Index().Where(t => !IsNetwork(t.Item)).Select(t => t.Index).ToList();
        return wrong.Count == 0
            ? ValidationResult.Success
            : new ValidationResult($"must be networks like 192.0.2.0/24 or 2001:db8::/32, with no bits set after the prefix; wrong at {string.Join(", ", wrong)}.", [validationContext.MemberName ?? ""]);
    }

    /// <summary>As agents read it: IPv4 in plain decimal (010.0.0.0 means 8.0.0.0 to some), no scope, no brackets.</summary>
    private static bool IsNetwork(string? text) => text is { Length: <= 50 }
        && text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        && !text.AsSpan().ContainsAny('%', '[')
        && IPNetwork.TryParse(text, out var network)
        && IPAddress.TryParse(text[..slash], out var address)
        && (address.AddressFamily != AddressFamily.InterNetwork || address.ToString() == text[..slash])
        && (!address.IsIPv4MappedToIPv6 || network.PrefixLength >= MappedBits);
}
