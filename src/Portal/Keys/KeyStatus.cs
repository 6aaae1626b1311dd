using Platform.Contracts.Api;

namespace Platform.Portal.Keys;

internal static class KeyStatus
{
    public const string Active = "Active";
    public const string Expired = "Expired";
    public const string Revoked = "Revoked";

    public static string Of(ApiKeyAnswer key, DateTimeOffset now) =>
        key.RevokedAt is not null ? Revoked : key.ExpiresAt <= now ? Expired : Active;
}
