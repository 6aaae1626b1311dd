using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Platform.Control.Access;
using Platform.Control.Data;

namespace Platform.Control.Members;

/// <summary>A caller's e-mail address, where it is proved to be theirs: by our own accounts, or by the authority that the settings name.</summary>
internal sealed class VerifiedAddress(UserManager<PlatformUser> users, IdentitySettings settings)
{
    public async Task<string?> OfAsync(CallerRights caller, ClaimsPrincipal token)
    {
        if (settings.Authority is not null)
            return string.Equals(token.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase) ? caller.Email : null;
        return Guid.TryParseExact(caller.Subject, "D", out _) && await users.FindByIdAsync(caller.Subject) is { EmailConfirmed: true, Email: { } email }
            ? email
            : null;
    }
}
