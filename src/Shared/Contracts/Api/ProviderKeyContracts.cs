using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts.Api;

/// <summary>PUT /api/v1/tenants/{tenantId}/pools/{poolId}/provider-key: sets the key, or replaces the one that is there.</summary>
public sealed record ProviderKeyRequest
{
    internal const int MaxLength = 500;

    /// <summary>What a header can carry: visible ASCII, with spaces inside.</summary>
    internal const string Pattern = "[!-~]([ -~]*[!-~])?";
    internal const string Fault = "The key must be visible ASCII characters.";

    /// <summary>The upstream's credential; write-only, sealed before it is stored.</summary>
    [Required, StringLength(MaxLength, MinimumLength = 1), RegularExpression(Pattern, ErrorMessage = Fault)]
    public string Key { get; init; } = "";
}

/// <param name="Hint">The key's last four characters, to recognise it by; empty for a short key.</param>
/// <param name="RotatedAt">When it was last replaced; null where it is the first.</param>
/// <param name="Version">The pool's: a key changes with its pool.</param>
public sealed record ProviderKeyAnswer(string Hint, DateTimeOffset CreatedAt, DateTimeOffset? RotatedAt, long Version) : IVersioned;
