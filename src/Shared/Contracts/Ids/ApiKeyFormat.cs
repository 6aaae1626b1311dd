using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Contracts.Ids;

/// <summary>
/// A key's text: <c>sk-</c>, 12 public characters, 40 secret ones, all of <c>A-Z a-z 0-9</c> (238 bits of secret).
/// Stored and compared as HMAC-SHA256 of the whole text under a pepper.
/// </summary>
public static class ApiKeyFormat
{
    public const int PrefixLength = 15;
    public const int Length = PrefixLength + 40;

    private const string Marker = "sk-";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);

    /// <summary>A fresh key from the system's random source.</summary>
    public static string Generate() => Marker + RandomNumberGenerator.GetString(Alphabet, Length - Marker.Length);

    /// <summary>Finds the prefix of a well-formed key; false for anything else.</summary>
    public static bool TryGetPrefix(string? key, out ApiKeyPrefix prefix)
    {
        prefix = default;
        return key is { Length: Length } && IsWellFormedPart(key) && ApiKeyPrefix.TryParse(key[..PrefixLength], null, out prefix);
    }

    /// <summary>HMAC-SHA256 (RFC 2104) of the key's ASCII bytes: 32 bytes.</summary>
    /// <exception cref="ArgumentException">The key has not <see cref="Length"/> characters.</exception>
    public static byte[] Hash(string key, ReadOnlySpan<byte> pepper)
    {
        if (key.Length != Length)
            throw new ArgumentException("Not a key.", nameof(key));
        Span<byte> bytes = stackalloc byte[Length];
        Encoding.ASCII.GetBytes(key, bytes);
        return HMACSHA256.HashData(pepper, bytes);
    }

    internal static bool IsWellFormedPart(string text) =>
        text.StartsWith(Marker, StringComparison.Ordinal) && !text.AsSpan(Marker.Length).ContainsAnyExcept(Allowed);
}
