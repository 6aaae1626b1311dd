using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Platform.Control.Identity.TwoFactor;

/// <summary>Time-based one-time passwords (RFC 6238) as authenticator apps make them: HMAC-SHA1, 30 s, 6 digits.</summary>
internal static class Totp
{
    public const int SecretBytes = 20;

    private const int StepSeconds = 30;
    private const int Modulus = 1_000_000;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>RFC 4226, section 5.3.</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238: what authenticator apps know; HMAC does not need collision resistance.
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[^1] & 0xf)..]) & 0x7fffffff;
        return (number % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step whose code it is: this one, or a neighbour, for a clock that is a little off (RFC 6238, section 5.2).</summary>
    public static long? StepOf(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        long? found = null;
        var given = System.Text.Encoding.UTF8.GetBytes(code);
        for (var step = StepAt(now) - 1; step <= StepAt(now) + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(Code(secret, step)), given))
                found = step;
        }
        return found;
    }

    /// <summary>Base 32 without padding (RFC 4648, section 6).</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new char[(bytes.Length * 8 + 4) / 5];
        for (var i = 0; i < text.Length; i++)
        {
            var bit = i * 5;
            var pair = (bytes[bit / 8] << 8) | (bit / 8 + 1 < bytes.Length ? bytes[bit / 8 + 1] : 0);
            text[i] = Alphabet[(pair >> (11 - bit % 8)) & 31];
        }
        return new(text);
    }
}
