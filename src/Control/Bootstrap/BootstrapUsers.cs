using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;

namespace Platform.Control.Bootstrap;

/// <summary>People that bootstrap names.</summary>
internal sealed class BootstrapUsers(UserManager<PlatformUser> users)
{
    /// <summary>The user of that address; made with the password when missing, else left as it is.</summary>
    /// <returns>The principal: the <c>sub</c> of the user's tokens.</returns>
    /// <exception cref="BootstrapException">The address or the password is not acceptable.</exception>
    public async Task<string> EnsureAsync(string email, string? password)
    {
        if (await users.FindByEmailAsync(email) is { } known)
            return known.Id.ToString("D");
        if (password is null)
            throw new BootstrapException($"{email} is new and needs a password.");
        var user = new PlatformUser { Id = Guid.CreateVersion7(), UserName = email, Email = email, EmailConfirmed = true };
        var result = await users.CreateAsync(user, password);
        return result.Succeeded
            ? user.Id.ToString("D")
            : throw new BootstrapException($"{email} cannot be made: {string.Join(" ", result.Errors.Select(e => e.Description))}");
    }
}
