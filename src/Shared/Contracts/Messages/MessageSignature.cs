using System.Security.Cryptography;
using System.Text;

namespace Platform.Contracts.Messages;

/// <summary>
/// What an agent publishes is signed with its enrolled key (ECDSA P-256 with SHA-256, IEEE P1363 form, base64), so that
/// its identity never rests on the broker: over the message type, a line feed, and the body's bytes.
/// </summary>
public static class MessageSignature
{
    public static string Sign(ECDsa key, string messageType, ReadOnlySpan<byte> body) =>
        Convert.ToBase64String(key.SignData(Input(messageType, body), HashAlgorithmName.SHA256));

    public static bool Verify(ECDsa key, string messageType, ReadOnlySpan<byte> body, string? signature)
    {
        if (signature is not { Length: 88 })
            return false;
        Span<byte> bytes = stackalloc byte[66];
        return Convert.TryFromBase64String(signature, bytes, out var written)
            && key.VerifyData(Input(messageType, body), bytes[..written], HashAlgorithmName.SHA256);
    }

    private static byte[] Input(string messageType, ReadOnlySpan<byte> body)
    {
        var prefix = Encoding.UTF8.GetByteCount(messageType) + 1;
        var input = new byte[prefix + body.Length];
        Encoding.UTF8.GetBytes(messageType, input);
        input[prefix - 1] = (byte)'\n';
        body.CopyTo(input.AsSpan(prefix));
        return input;
    }
}
