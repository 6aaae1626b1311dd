using System.Security.Cryptography;
using System.Text;
using Platform.Contracts.Configuration;
using Platform.Hosting.Settings;

namespace Platform.Control.Secrets;

/// <summary>
/// The key that no database holds: what the database keeps secret is sealed with it (AES-256-GCM), bound to a context
/// that says what it is and whose.
/// </summary>
internal sealed class MasterKey(byte[] key)
{
    private const int Size = 32;
    private const int Base64Length = 44;

    /// <exception cref="SettingsException">The file cannot be read, or does not hold the base64 of 32 bytes.</exception>
    public static MasterKey Load(SecretsSettings settings)
    {
        try
        {
            var text = File.ReadAllText(settings.MasterKeyFile).Trim();
            var key = new byte[Size];
            if (text.Length == Base64Length && Convert.TryFromBase64String(text, key, out var written) && written == Size)
                return new(key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException("Secrets", [$"MasterKeyFile cannot be read: {e.Message}"]);
        }
        throw new SettingsException("Secrets", ["MasterKeyFile must hold the base64 of 32 bytes."]);
    }

    public byte[] Seal(ReadOnlySpan<byte> clear, string context) => GroupCipher.SealBytes(key, clear, Encoding.UTF8.GetBytes(context));

    /// <exception cref="CryptographicException">Sealed with another master key, for another context, or altered.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedBytes, string context) => GroupCipher.OpenBytes(key, sealedBytes, Encoding.UTF8.GetBytes(context));
}
