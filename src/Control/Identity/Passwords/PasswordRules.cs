using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;

namespace Platform.Control.Identity.Passwords;

/// <summary>
/// NIST SP 800-63B, section 3.1.1.2: length, no rules of composition, and nothing that is guessed first. The least length
/// is ASP.NET Core Identity's to check.
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<PlatformUser>
{
    public const int MinLength = 12;
    public const int MaxLength = 256;

    public Task<IdentityResult> ValidateAsync(UserManager<PlatformUser> manager, PlatformUser user, string? password)
    {
        var fault = password switch
        {
            null => null,
            { Length: > MaxLength } => $"A password has {MaxLength} characters at most.",
            _ when IsOwnName(user, password) => "The password must not be the e-mail address or the part before its @.",
            _ when CommonPasswords.Contains(password) => "The password is one of those that are guessed first. Choose another one.",
            _ => null,
        };
        return Task.FromResult(fault is null ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = "Password", Description = fault }));
    }

    private static bool IsOwnName(PlatformUser user, string password)
    {
        var email = user.Email ?? "";
        var at = email.LastIndexOf('@');
        return password.Equals(email, StringComparison.OrdinalIgnoreCase)
            || (at > 0 && password.AsSpan().Equals(email.AsSpan(0, at), StringComparison.OrdinalIgnoreCase));
    }
}
