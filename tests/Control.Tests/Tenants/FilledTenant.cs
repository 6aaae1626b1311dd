using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Tenants;

/// <summary>A tenant's own things, made through the API.</summary>
internal static class FilledTenant
{
    public const string ProviderKey = "upstream-credential-8d1f0c7a";

    /// <returns>A key of the tenant's.</returns>
    public static async Task<CreatedApiKeyAnswer> FillAsync(HttpClient admin, TenantId tenant, string mark = "a")
    {
        var project = await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = $"{mark} project" });
        var pool = await admin.CreateAsync<PoolAnswer>(
            $"/api/v1/tenants/{tenant}/pools",
            new CreatePoolRequest { Name = $"{mark} pool", Engine = "openai", ProviderKey = ProviderKey, Endpoints = [new() { Url = "https://models.example.com" }] });
        await admin.CreateAsync<ModelAnswer>(
            $"/api/v1/tenants/{tenant}/models", new ModelRequest { Name = $"{mark}-model", Targets = [new() { PoolId = pool.Id }] });
        return await admin.CreateAsync<CreatedApiKeyAnswer>(
            $"/api/v1/tenants/{tenant}/api-keys", new CreateApiKeyRequest { Name = $"{mark} key", ProjectId = project.Id });
    }
}
