using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Control.Members;

/// <summary>The secrets of an invitation: each is told once, to one, and stored as a hash.</summary>
internal static class InvitationLink
{
    public const string Page = "/identity/invitation";

    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256: the token is 256 random bits, so nothing slower is needed.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public static Uri To(Uri control, string token) => new(control, $"{Page}?token={token}");
}
