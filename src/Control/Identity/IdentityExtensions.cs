using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.Clients;
using Platform.Control.Identity.Exchange;
using Platform.Control.Identity.External;
using Platform.Control.Identity.Mail;
using Platform.Control.Identity.Pages;
using Platform.Control.Identity.Passkeys;
using Platform.Control.Identity.Passwords;
using Platform.Control.Identity.Sessions;
using Platform.Control.Identity.TwoFactor;
using Platform.Control.Secrets;
using Platform.Hosting.Settings;

namespace Platform.Control.Identity;

internal static class IdentityExtensions
{
    /// <summary>The authority: users, sign-in pages, OpenID Connect and OAuth endpoints.</summary>
    public static void AddAuthority(this IHostApplicationBuilder builder)
    {
        var control = builder.AddSettings<ControlSettings>("Control");
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        var services = builder.Services;
        services.AddSingleton<SigningKeys>();
        services.AddHostedService<KeysAtStart>();
        services.AddHostedService<TokenPruning>();
        AddUsers(services, control);
        AddOpenIddict(services, control);
        AddKeyRing(services);
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = CookieName(control, "form");
            o.Cookie.SecurePolicy = SecurePolicy(control);
        });
        services.AddAccountPages();
        services.AddAccounts();
        services.AddSessions();
        services.AddPasskeys(control);
        builder.AddMail();
        services.AddSignInLimit();
        services.AddScoped<TokenPrincipals>();
        services.AddScoped<FormTargets>();
        services.AddTokenExchange();
        services.AddServiceClients();
        services.AddExternalSignIn();
    }

    /// <summary>Sign-in pages and the parts of the protocol that need a user or a client's rights.</summary>
    public static void MapAuthority(this IEndpointRouteBuilder routes)
    {
        routes.MapRazorPages();
        routes.MapPasskeyScript();
        var connect = routes.MapGroup("/connect").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        connect.MapMethods("/authorize", [HttpMethods.Get, HttpMethods.Post], AuthorizeEndpoint.HandleAsync);
        connect.MapPost("/token", TokenEndpoint.HandleAsync);
        connect.MapMethods("/userinfo", [HttpMethods.Get, HttpMethods.Post], UserInfoEndpoint.HandleAsync);
        connect.MapMethods("/end-session", [HttpMethods.Get, HttpMethods.Post], (Delegate)EndSessionEndpoint.HandleAsync);
    }

    private static void AddUsers(IServiceCollection services, ControlSettings control)
    {
        services.AddIdentityCore<PlatformUser>(o =>
            {
                o.User.RequireUniqueEmail = true;
                o.SignIn.RequireConfirmedEmail = true;
                o.Password = new()
                {
                    RequiredLength = PasswordRules.MinLength,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                    RequiredUniqueChars = 1,
                };
            })
            .AddEntityFrameworkStores<IdentityDb>()
            .AddPasswordValidator<PasswordRules>()
            .AddSignInManager();
        services.AddAuthentication()
            .AddCookie(IdentityConstants.ApplicationScheme, o =>
            {
                SetCookie(o, control, "identity", TimeSpan.FromHours(8));
                o.SlidingExpiration = true;
                o.EventsType = typeof(SessionCookie);
            })
            .AddCookie(SecondStep.Scheme, o => SetCookie(o, control, "second-step", SecondStep.Lifetime))
            // Where ASP.NET Core Identity keeps what it asked of a passkey.
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme, o => SetCookie(o, control, "passkey", TimeSpan.FromMinutes(5)));
    }

    private static void SetCookie(CookieAuthenticationOptions options, ControlSettings control, string name, TimeSpan lifetime)
    {
        options.Cookie.Name = CookieName(control, name);
        options.Cookie.SecurePolicy = SecurePolicy(control);
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.HttpOnly = true;
        options.Cookie.Path = "/";
        options.LoginPath = "/identity/sign-in";
        options.ReturnUrlParameter = "returnUrl";
        options.ExpireTimeSpan = lifetime;
        options.SlidingExpiration = false;
    }

    private static void AddOpenIddict(IServiceCollection services, ControlSettings control)
    {
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, AuthorityOptions>();
        services.AddOpenIddict()
            .AddCore(o => o.UseEntityFrameworkCore().UseDbContext<IdentityDb>().ReplaceDefaultEntities<Guid>())
            .AddServer(o =>
            {
                o.SetAuthorizationEndpointUris("/connect/authorize")
                    .SetTokenEndpointUris("/connect/token")
                    .SetUserInfoEndpointUris("/connect/userinfo")
                    .SetEndSessionEndpointUris("/connect/end-session");
                o.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
                o.AllowRefreshTokenFlow().AllowClientCredentialsFlow().AllowTokenExchangeFlow();
                o.RegisterScopes(PlatformScopes.All);

                // A tenant is the resource of a token exchange, and TenantExchange looks at it; nothing else asks for one.
                o.DisableResourceValidation().IgnoreResourcePermissions();

                // Agents and the API verify tokens without asking: they must be able to read them.
                o.DisableAccessTokenEncryption();
                o.SetAccessTokenLifetime(TimeSpan.FromMinutes(15));
                o.SetRefreshTokenLifetime(UserSessions.Idle);
                o.SetRefreshTokenReuseLeeway(TimeSpan.Zero);
                o.RemoveEventHandler(OpenIddictServerHandlers.RedeemTokenEntry.Descriptor)
                    .AddEventHandler(RedeemOnce.Descriptor)
                    .AddEventHandler(ReuseDetection.Descriptor)
                    .AddEventHandler(ClientSignIns.Descriptor);
                var host = o.UseAspNetCore()
                    .EnableAuthorizationEndpointPassthrough()
                    .EnableTokenEndpointPassthrough()
                    .EnableUserInfoEndpointPassthrough()
                    .EnableEndSessionEndpointPassthrough();
                if (control.IsPlainLoopback)
                    host.DisableTransportSecurityRequirement();
            });
    }

    private static void AddKeyRing(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("platform-control").PersistKeysToDbContext<IdentityDb>();
        services.AddOptions<KeyManagementOptions>().Configure<MasterKey>((o, master) => o.XmlEncryptor = new MasterKeyXmlEncryptor(master));
    }

    private static string CookieName(ControlSettings control, string name) =>
        control.IsPlainLoopback ? $"platform-{name}" : $"__Host-platform-{name}";

    private static CookieSecurePolicy SecurePolicy(ControlSettings control) =>
        control.IsPlainLoopback ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
}
