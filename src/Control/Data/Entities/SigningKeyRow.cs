using System.Text.Json;

namespace Platform.Control.Data.Entities;

/// <summary>A key of the authority.</summary>
internal sealed class SigningKeyRow
{
    public required string Id { get; init; }

    /// <summary><see cref="Signing"/> or <see cref="Encryption"/>, as in RFC 7517, section 4.2.</summary>
    public required string Use { get; init; }

    /// <summary>
    /// An RSA key as PKCS #8, or 32 bytes for <see cref="Encryption"/>; sealed with the master key, context
    /// <see cref="ContextOf"/>.
    /// </summary>
    public required byte[] Sealed { get; init; }

    /// <summary>The JSON Web Key that verifies (RFC 7517); null for <see cref="Encryption"/>.</summary>
    public JsonElement? PublicKey { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public const string Signing = "sig";
    public const string Encryption = "enc";

    public static string ContextOf(string use, string id) => $"signing-key\n{use}\n{id}";
}
