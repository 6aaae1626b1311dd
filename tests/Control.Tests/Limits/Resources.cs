using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;

namespace Platform.Control.Tests.Limits;

/// <summary>Calls and looks that the tests of limits, policies and prices share.</summary>
internal static class Resources
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<HttpResponseMessage> PutAsync<T>(this HttpClient http, string path, T body, string tag = "*")
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        return http.SendAsync(request, Cancel);
    }

    public static async Task<T> ReplaceAsync<T>(this HttpClient http, string path, object body, string tag = "*")
    {
        using var answer = await http.PutAsync(path, body, tag);
        return await answer.ShouldBeAsync<T>(HttpStatusCode.OK);
    }

    public static async Task RemoveAsync(this HttpClient http, string path)
    {
        using var answer = await http.DeleteAsync(path, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync(Cancel));
    }

    public static Task<HttpResponseMessage> SendTextAsync(this HttpClient http, HttpMethod method, string path, string json)
    {
        var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (method == HttpMethod.Put)
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        return http.SendAsync(request, Cancel);
    }

    /// <summary>The answer names exactly these members, whichever of the two statuses of faults it has.</summary>
    public static async Task<JsonElement> ShouldFaultAsync(this HttpResponseMessage answer, params string[] paths)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity);
        var problem = JsonElement.Parse(text);
        problem.TryGetProperty("errors", out var errors).ShouldBeTrue(text);
        errors.EnumerateObject().Select(e => e.Name).ShouldBe(paths, ignoreOrder: true, text);
        return problem;
    }

    public static async Task<TenantDocument> DocumentAsync(this ControlApp control, TenantId tenant) =>
        (await ResourceAsync(control, ConfigKinds.Tenant, tenant.ToString())).Deserialize(WireJson.Default.TenantDocument)!;

    public static async Task<PlatformDocument> PlatformDocumentAsync(this ControlApp control) =>
        (await ResourceAsync(control, ConfigKinds.Platform, "platform")).Deserialize(WireJson.Default.PlatformDocument)!;

    public static Task<long> RevisionAsync(this ControlApp control, TenantId tenant) => control.Database.InPlatformAsync(
        (db, ct) => db.ConfigResources.Where(r => r.TenantId == tenant && r.Kind == ConfigKinds.Tenant).Select(r => r.Revision).SingleAsync(ct), Cancel);

    public static async Task<(ProjectAnswer Project, ApiKeyAnswer Key)> ProjectAndKeyAsync(HttpClient admin, TenantId tenant)
    {
        var project = await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = Guid.NewGuid().ToString("N") });
        var key = await admin.CreateAsync<CreatedApiKeyAnswer>(
            $"/api/v1/tenants/{tenant}/api-keys", new CreateApiKeyRequest { Name = "k", ProjectId = project.Id });
        return (project, key.ApiKey);
    }

    private static Task<JsonElement> ResourceAsync(ControlApp control, string kind, string key) => control.Database.InPlatformAsync(
        (db, ct) => db.ConfigResources.Where(r => r.Kind == kind && r.Key == key && r.GroupName == AgentGroupName.Default).Select(r => r.Document!.Value).SingleAsync(ct),
        Cancel);
}
