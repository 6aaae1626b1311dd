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

    /// <summary>Bearer tokens for the API and for agents, and the policies of <see cref="AccessPolicies"/>.</summary>
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

        services.AddSingleton<IAuthorizationHandler, AccessHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessResultHandler>();
        AddPolicies(services.AddAuthorizationBuilder());
    }

    private static void AddPolicies(AuthorizationBuilder authorization)
    {
        Add(AccessPolicies.Caller, new(hides: false, _ => true));
        Add(AccessPolicies.Tenant, AccessRequirement.Tenant(viewer: true, AccessRequirement.AnyRole));
        Add(AccessPolicies.TenantRead, AccessRequirement.Tenant(viewer: true, AccessRequirement.Developers));
        Add(AccessPolicies.TenantDevelop, AccessRequirement.Tenant(viewer: false, AccessRequirement.Developers));
        Add(AccessPolicies.TenantAdmin, AccessRequirement.Tenant(viewer: false, AccessRequirement.Admins));
        Add(AccessPolicies.OperatorRead, new(hides: false, rights => rights.IsAnyOperator));
        Add(AccessPolicies.Operator, new(hides: false, rights => rights.IsOperator));

        // What has no policy of its own is not open: it needs at least a caller.
        authorization.SetFallbackPolicy(Build(new(hides: false, _ => true)));

        void Add(string name, AccessRequirement requirement) => authorization.AddPolicy(name, Build(requirement));

        static AuthorizationPolicy Build(AccessRequirement requirement) =>
            new AuthorizationPolicyBuilder(JwtBearerDefaults.AuthenticationScheme)
                .RequireAuthenticatedUser()
                .AddRequirements(requirement)
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
