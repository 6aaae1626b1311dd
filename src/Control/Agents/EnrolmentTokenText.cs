using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Control.Agents;

/// <summary>A one-time token: <c>enr-</c> and 256 random bits in base64url. Only its SHA-256 is stored.</summary>
internal static class EnrolmentTokenText
{
    private const string Marker = "enr-";

    public static string Generate() => Marker + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>32 bytes. A plain hash will do: there is nothing to guess in 256 random bits.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
