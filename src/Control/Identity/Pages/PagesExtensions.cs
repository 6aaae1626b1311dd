using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;

namespace Platform.Control.Identity.Pages;

internal static class PagesExtensions
{
    private const string AccountPolicy = "account-pages";

    private static readonly string[] Open = ["/SignIn", "/SignInCode", "/SignedIn", "/SignedOut", "/Forgot", "/Reset", "/Confirm", "/Register", "/External", "/Invitation"];

    /// <summary>Pages for everybody, and below /Account for who has a session.</summary>
    public static void AddAccountPages(this IServiceCollection services)
    {
        services.AddRazorPages(o =>
        {
            foreach (var page in Open)
                o.Conventions.AllowAnonymousToPage(page);
            o.Conventions.AuthorizeFolder("/Account", AccountPolicy);
        }).WithRazorPagesRoot("/Identity/Pages");
        services.AddAuthorizationBuilder().AddPolicy(
            AccountPolicy, new AuthorizationPolicyBuilder(IdentityConstants.ApplicationScheme).RequireAuthenticatedUser().Build());
    }
}
