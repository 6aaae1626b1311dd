using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Platform.Contracts.Enrolment;
using Platform.Control.Identity;
using Platform.Hosting.Settings;

namespace Platform.Control.Access;

internal static class AccessExtensions
{
    /// <summary>Authentication scheme of agents' tokens: audience <see cref="AgentApi.Scope"/>, always Control's own.</summary>
    public const string AgentScheme = "agent";

    /// <summary>Bearer tokens for the API and for agents, and a policy for each of <see cref="Rights"/>.</summary>
    public static void AddAccess(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings<IdentitySettings>("Identity");
        var services = builder.Services;
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(o => Take(o, settings.Audience, settings.AcceptedTypes))
            .AddJwtBearer(AgentScheme, o => Take(o, AgentApi.Scope, ["at+jwt"]));
        services.AddOptions<JwtBearerOptions>(AgentScheme).Configure<SigningKeys, ControlSettings>(TrustOwnKeys);
        var api = services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme);
        if (settings.Authority is { } authority)
        {
            api.Configure(o =>
            {
                o.Authority = authority.ToString();
                o.RequireHttpsMetadata = !authority.IsLoopback;
                o.BackchannelTimeout = TimeSpan.FromSeconds(10);
            });
        }
        else
        {
            api.Configure<SigningKeys, ControlSettings>(TrustOwnKeys);
        }

        services.AddSingleton<AccessMeter>();
        services.AddSingleton<Denials>();
        services.AddHostedService<DenialWriter>();
        services.AddSingleton<IAuthorizationHandler, AccessHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessResultHandler>();
        AddPolicies(services.AddAuthorizationBuilder());
    }

    private static void AddPolicies(AuthorizationBuilder authorization)
    {
        foreach (var right in Rights.All)
            authorization.AddPolicy(right.Name, Build(right));
        authorization.AddPolicy(RightRequirement.AnyCaller, Build(null));

        // What has no policy of its own is not open: it needs at least a caller.
        authorization.SetFallbackPolicy(Build(null));

        static AuthorizationPolicy Build(Right? right) =>
            new AuthorizationPolicyBuilder(JwtBearerDefaults.AuthenticationScheme)
                .RequireAuthenticatedUser()
                .AddRequirements(new RightRequirement(right))
                .Build();
    }

    private static void Take(JwtBearerOptions options, string audience, string[] types)
    {
        options.MapInboundClaims = false;
        options.Audience = audience;
        options.TokenValidationParameters.ValidTypes = types;
        options.TokenValidationParameters.NameClaimType = "sub";
        options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
    }

    /// <summary>No request to itself: an instance trusts the keys that it holds, wherever its address leads.</summary>
    private static void TrustOwnKeys(JwtBearerOptions options, SigningKeys keys, ControlSettings control)
    {
        options.RequireHttpsMetadata = false;
        options.TokenValidationParameters.ValidIssuer = control.Issuer.ToString();
        options.Configuration = new OpenIdConnectConfiguration { Issuer = control.Issuer.ToString() };
        foreach (var key in keys.Verifying)
            options.Configuration.SigningKeys.Add(key);
    }
}
