using Platform.Control.Access;

namespace Platform.Control.Identity.External;

internal static class ExternalExtensions
{
    /// <summary>Tenants' own OpenID Connect servers, and signing in by them.</summary>
    public static void AddExternalSignIn(this IServiceCollection services)
    {
        services.AddSingleton<ProviderAddresses>();
        services.AddSingleton<ProviderHttp>();
        services.AddSingleton<ProviderDirectory>();
        services.AddSingleton<ProviderSecrets>();
        services.AddSingleton<SignInProviders>();
        services.AddSingleton<DomainProof>();
        services.AddSingleton<DomainVerification>();
        services.AddSingleton<ProviderAnswers>();
        services.AddSingleton<ProviderWrites>();
        services.AddSingleton<UsedStates>();
        services.AddSingleton<RefusalPauses>();
        services.AddSingleton<DomainProofLimit>();
        services.AddSingleton<SignInStates>();
        services.AddSingleton<CodeFlow>();
        services.AddSingleton<ExternalMembership>();
        services.AddScoped<ExternalAccounts>();
    }

    public static void MapIdentityProviders(this IEndpointRouteBuilder tenant)
    {
        var providers = tenant.MapGroup("/identity-providers").WithTags("Identity providers");
        providers.MapGet("", ProviderEndpoints.ListAsync).WithName("ListIdentityProviders").WithSummary("List identity providers").Needs(Rights.SignInRead);
        providers.MapPost("", ProviderEndpoints.CreateAsync).WithName("CreateIdentityProvider").WithSummary("Create an identity provider").Needs(Rights.SignInWrite);
        providers.MapGet("/{id}", ProviderEndpoints.GetAsync).WithName("GetIdentityProvider").WithSummary("Read an identity provider").Needs(Rights.SignInRead);
        providers.MapPut("/{id}", ProviderEndpoints.UpdateAsync).WithName("UpdateIdentityProvider").WithSummary("Replace an identity provider").Needs(Rights.SignInWrite);
        providers.MapDelete("/{id}", ProviderEndpoints.DeleteAsync).WithName("DeleteIdentityProvider").WithSummary("Delete an identity provider; its members stay").Needs(Rights.SignInWrite);
        providers.MapPost("/{id}/verify-domain", ProviderEndpoints.VerifyAsync).WithName("VerifyIdentityProviderDomain").WithSummary("Verify an identity provider's domain by what it shows").Needs(Rights.SignInWrite);
    }

    /// <summary>What the operator may do for a tenant.</summary>
    public static void MapProviderConfirmation(this IEndpointRouteBuilder api) =>
        api.MapPost("/operator/tenants/{tenantId}/identity-providers/{id}/confirm-domain", ProviderEndpoints.ConfirmAsync)
            .WithName("ConfirmIdentityProviderDomain").WithTags("Identity providers").WithSummary("Confirm an identity provider's domain, as an operator")
            .Needs(Rights.TenantsWrite);
}
