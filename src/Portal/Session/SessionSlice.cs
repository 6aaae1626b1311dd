using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace Platform.Portal.Session;

/// <summary>Signing in and out, the session's cookie and tokens.</summary>
internal static class SessionSlice
{
    private static readonly TimeSpan CookieLifetime = TimeSpan.FromHours(12);

    public static void AddSession(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new TokenStore());
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<SessionRefresh>();
        services.AddSingleton<TenantEntry>();
        services.AddScoped<SessionCookie>();
        services.AddScoped<AccessTokens>();
        services.AddDataProtection().SetApplicationName("platform-portal");
        services.AddOptions<KeyManagementOptions>().Configure<PortalSettings, ILoggerFactory>((o, settings, logs) =>
            o.XmlRepository = new FileSystemXmlRepository(PrivateDirectory(Path.Combine(settings.DataDirectory, "keys")), logs));
        services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>, OidcSetup>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(o =>
            {
                o.Cookie.Name = "portal-session";
                o.Cookie.SameSite = SameSiteMode.Lax;
                o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                o.ExpireTimeSpan = CookieLifetime;
                o.LoginPath = "/sign-in";
                o.ReturnUrlParameter = "returnUrl";
                o.EventsType = typeof(SessionCookie);
            })
            .AddOpenIdConnect();
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "portal-antiforgery";
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
    }

    /// <summary>Who reads these keys can be any user: only the portal's own account may.</summary>
    private static DirectoryInfo PrivateDirectory(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", SignInEndpoints.SignInAsync).AllowAnonymous();
        routes.MapPost("/sign-out", SignInEndpoints.SignOutAsync).AllowAnonymous();
        // A page whose circuit refreshed its tokens asks for this, so that its cookie gets them too (see SessionCookie).
        routes.MapGet("/session", () => TypedResults.NoContent()).RequireAuthorization();
    }
}
