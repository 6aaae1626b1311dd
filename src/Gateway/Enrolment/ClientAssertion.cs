using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Gateway.Enrolment;

/// <summary>
/// The JWT with which an agent authenticates as an OAuth client (private_key_jwt, RFC 7523; type and audience as in
/// draft-ietf-oauth-rfc7523bis: the issuer alone).
/// </summary>
internal static class ClientAssertion
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"ES256","typ":"client-authentication+jwt"}"""u8);

    public static string Create(EnrolledAgent agent, DateTimeOffset now)
    {
        var identity = agent.Identity;
        var claims = $$"""
            {"iss":{{Quote(identity.ClientId)}},"sub":{{Quote(identity.ClientId)}},"aud":{{Quote(identity.Issuer.AbsoluteUri)}},"jti":"{{Guid.NewGuid():N}}","iat":{{now.ToUnixTimeSeconds()}},"exp":{{(now + Lifetime).ToUnixTimeSeconds()}}}
            """;
        var input = $"{Header}.{Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(claims))}";
        return $"{input}.{Base64Url.EncodeToString(agent.Sign(System.Text.Encoding.ASCII.GetBytes(input)))}";
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
