namespace Platform.Control.Data.Entities;

/// <summary>A private key of the authority.</summary>
internal sealed class SigningKeyRow
{
    public required string Id { get; init; }

    /// <summary><c>sig</c> or <c>enc</c>, as in RFC 7517, section 4.2.</summary>
    public required string Use { get; init; }

    /// <summary>PKCS #8, sealed with the master key; context: <see cref="ContextOf"/>.</summary>
    public required byte[] Sealed { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public static string ContextOf(string use, string id) => $"signing-key\n{use}\n{id}";
}
