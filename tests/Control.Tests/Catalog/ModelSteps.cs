using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;

namespace Platform.Control.Tests.Catalog;

/// <summary>What tests of models do again and again.</summary>
internal static class ModelSteps
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static string Models(TenantId tenant) => $"/api/v1/tenants/{tenant}/models";

    public static string Fresh() => $"m{Guid.NewGuid():N}";

    public static ModelRequest Model(string name, params PoolId[] pools) =>
        new() { Name = name, Targets = [.. pools.Select(p => new ModelTargetRequest { PoolId = p })] };

    public static Task<ModelAnswer> ModelAsync(this HttpClient http, TenantId tenant, ModelRequest request) =>
        http.CreateAsync<ModelAnswer>(Models(tenant), request);

    public static async Task<AgentGroupName> GroupAsync(this HttpClient http)
    {
        var name = $"g{Guid.NewGuid():N}"[..20];
        await http.CreateAsync<AgentGroupAnswer>("/api/v1/agent-groups", new { name });
        return AgentGroupName.Parse(name);
    }

    public static async Task<IReadOnlyList<CatalogEntryAnswer>> CatalogAsync(this HttpClient http, TenantId tenant) =>
        (await http.GetAsync<Page<CatalogEntryAnswer>>($"/api/v1/tenants/{tenant}/catalog?limit=200&sort=name")).Items;

    /// <summary>The model as the catalog has it that agents of the group hold; null where it has none.</summary>
    public static async Task<ModelEntry?> SharedEntryAsync(this ControlApp control, AgentGroupName group, string name) =>
        (await control.ResourceAsync(TenantId.Platform, ConfigKinds.Platform, group)).Deserialize(WireJson.Default.PlatformDocument)!
            .Catalog.SingleOrDefault(m => m.Name.Value == name);

    public static async Task<IReadOnlyList<ModelEntry>> OwnEntriesAsync(this ControlApp control, TenantId tenant) =>
        (await control.ResourceAsync(tenant, ConfigKinds.Tenant, AgentGroupName.Default)).Deserialize(WireJson.Default.TenantDocument)!.Models;

    private static async Task<JsonElement> ResourceAsync(this ControlApp control, TenantId tenant, string kind, AgentGroupName group) =>
        (await control.Database.InPlatformAsync(
            (db, ct) => db.ConfigResources.Where(r => r.TenantId == tenant && r.Kind == kind && r.GroupName == group).Select(r => r.Document).SingleAsync(ct), Cancel))!.Value;
}
