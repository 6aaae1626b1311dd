using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;

namespace Platform.Control.Tests.Pools;

/// <summary>What tests of pools do again and again.</summary>
internal static class PoolSteps
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/pools";

    public static string Path(TenantId tenant, PoolId pool, string below = "") => $"{Path(tenant)}/{pool}{below}";

    public static CreatePoolRequest Pool(string name, params string[] urls) =>
        new() { Name = name, Endpoints = [.. (urls is [] ? ["https://models.example.com"] : urls).Select(u => new CreateEndpointRequest { Url = u })] };

    public static Task<PoolAnswer> PoolAsync(this HttpClient http, TenantId tenant, CreatePoolRequest? request = null) =>
        http.CreateAsync<PoolAnswer>(Path(tenant), request ?? Pool(Guid.NewGuid().ToString("N")));

    public static async Task<HttpResponseMessage> PutAsync<T>(this HttpClient http, string path, T body, string ifMatch = "*")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await http.SendAsync(request, Cancel);
    }

    public static async Task ShouldBeGoneAsync(this HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, Cancel);
        await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    public static async Task DeleteAsync(this HttpClient http, string path, HttpStatusCode status)
    {
        using var answer = await http.DeleteAsync(path, Cancel);
        answer.StatusCode.ShouldBe(status, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>What agents of the group hold; null for a tombstone.</summary>
    public static async Task<PoolDocument?> DocumentAsync(this ControlApp control, PoolAnswer pool, TenantId tenant)
    {
        var row = await control.Database.InPlatformAsync(
            (db, ct) => db.ConfigResources.SingleAsync(
                r => r.TenantId == tenant && r.GroupName == pool.Group && r.Kind == ConfigKinds.Pool && r.Key == pool.Id.ToString(), ct),
            Cancel);
        return row.Document is { } document ? System.Text.Json.JsonSerializer.Deserialize(document, WireJson.Default.PoolDocument) : null;
    }

    public static Task<List<string>> ActionsAsync(this ControlApp control, TenantId tenant, string target) => control.Database.InTenantAsync(
        tenant, (db, ct) => db.AuditEvents.Where(a => a.TenantId == tenant && a.Target == target).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync(ct), Cancel);

    public static Task<int> AllowAsync(this ControlApp control, params string[] networks) => control.Database.InPlatformAsync(
        (db, ct) => db.PlatformSettings.ExecuteUpdateAsync(s => s.SetProperty(p => p.AllowedNetworks, networks), ct), Cancel);
}
