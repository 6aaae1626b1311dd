using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Local.Stack;

namespace Platform.Local.Demo;

/// <summary>Makes the demo's pools, models, project and key over the API; what is there already stays.</summary>
public sealed class DemoSeed(ControlApi api)
{
    public const string SmallModel = "llama-3.1-8b-instruct";
    public const string LargeModel = "llama-3.3-70b-instruct";

    /// <summary>A shared pool with these endpoints, and a model of the catalog that it serves.</summary>
    public async Task ModelAsync(string name, IReadOnlyList<Uri> workers, string workerKey)
    {
        var tenant = ControlApi.Tenant(TenantId.Platform);
        var pools = await api.ListAsync<PoolAnswer>($"{tenant}/pools");
        var pool = pools.FirstOrDefault(p => p.Name == name) ?? await api.PostAsync<PoolAnswer>($"{tenant}/pools", new CreatePoolRequest
        {
            Name = name,
            Engine = Engines.Vllm,
            Endpoints = [.. workers.Select(w => new CreateEndpointRequest { Url = w.ToString() })],
            ProviderKey = workerKey,
        });
        var models = await api.ListAsync<ModelAnswer>($"{tenant}/models");
        if (models.All(m => m.Name.Value != name))
        {
            await api.PostAsync<ModelAnswer>($"{tenant}/models", new ModelRequest
            {
                Name = name,
                Targets = [new() { PoolId = pool.Id }],
            });
        }
    }

    public async Task<ProjectId> ProjectAsync(TenantId tenant, string name)
    {
        var path = $"{ControlApi.Tenant(tenant)}/projects";
        var projects = await api.ListAsync<ProjectAnswer>(path);
        return projects.FirstOrDefault(p => p.Name == name)?.Id
            ?? (await api.PostAsync<ProjectAnswer>(path, new ProjectRequest { Name = name })).Id;
    }

    public async Task<string> KeyAsync(TenantId tenant, ProjectId project, string name) =>
        (await api.PostAsync<CreatedApiKeyAnswer>(
            $"{ControlApi.Tenant(tenant)}/api-keys", new CreateApiKeyRequest { Name = name, ProjectId = project })).Key!;

    /// <summary>False when the key was revoked, in the portal for example.</summary>
    public async Task<bool> IsKeyLiveAsync(TenantId tenant, string key)
    {
        var keys = await api.ListAsync<ApiKeyAnswer>($"{ControlApi.Tenant(tenant)}/api-keys");
        return ApiKeyFormat.TryGetPrefix(key, out var prefix) && keys.Any(k => k.Prefix == prefix && k.RevokedAt is null);
    }

    public async Task<string> EnrolmentTokenAsync() =>
        (await api.PostAsync<EnrolmentTokenAnswer>("/api/v1/agent-groups/default/enrolment-tokens", new CreateEnrolmentTokenRequest())).Token!;

    /// <summary>Puts a token where the agent finds it at its first start.</summary>
    public async Task PrepareAgentAsync(LocalPlatform platform, string gateway)
    {
        Home.MakeDirectory(Path.Combine(platform.Home.Directory, gateway));
        Home.WriteSecret(platform.Specs.EnrolmentTokenFile(gateway), await EnrolmentTokenAsync());
    }
}
