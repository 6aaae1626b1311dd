using System.Net;
using System.Net.Http.Json;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Security;

/// <summary>Does everything in a tenant that has a secret in it, with a repeat under the same idempotency key.</summary>
internal static class SecretsOfTenant
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static async Task<TenantId> MakeAsync(ControlApp app, KnownSecrets known)
    {
        var (tenant, _) = await app.TenantAsync();
        var (id, secret) = await app.ClientAsync();
        known.Add("client secret", secret);
        known.Add("access token", await app.TokenAsync(id, secret));
        using var owner = await app.CallerAsync(tenant: tenant, role: TenantRoles.Owner);
        var path = $"/api/v1/tenants/{tenant}";
        await KeysAsync(owner, path, known);
        await PoolAsync(owner, path, known);
        return tenant;
    }

    private static async Task KeysAsync(HttpClient owner, string path, KnownSecrets known)
    {
        var project = await owner.CreateAsync<ProjectAnswer>($"{path}/projects", new ProjectRequest { Name = "p" });
        var body = new CreateApiKeyRequest { Name = "k", ProjectId = project.Id };
        var made = await TwiceAsync<CreatedApiKeyAnswer>(owner, $"{path}/api-keys", body, HttpStatusCode.Created);
        known.Add("API key", made.Key![ApiKeyFormat.PrefixLength..]);
        var rotated = await TwiceAsync<CreatedApiKeyAnswer>(owner, $"{path}/api-keys/{made.ApiKey.Id}/rotate", new RotateApiKeyRequest(), HttpStatusCode.OK);
        known.Add("rotated API key", rotated.Key![ApiKeyFormat.PrefixLength..]);
    }

    private static async Task PoolAsync(HttpClient owner, string path, KnownSecrets known)
    {
        var key = known.Add("provider key", $"pk-{Guid.NewGuid():N}");
        await TwiceAsync<object>(
            owner, $"{path}/pools", new { name = "p", engine = "openai", endpoints = new[] { new { url = "https://1.1.1.1/v1" } }, providerKey = key }, HttpStatusCode.Created);
    }

    /// <summary>The first answer; the second must not be like it where it showed a secret.</summary>
    public static async Task<T> TwiceAsync<T>(HttpClient http, string path, object body, HttpStatusCode status)
    {
        var key = Guid.NewGuid().ToString();
        using var first = await SendAsync(http, path, body, key);
        using var again = await SendAsync(http, path, body, key);
        var answer = await first.ShouldBeAsync<T>(status);
        again.Headers.Contains("Idempotency-Replayed").ShouldBeTrue(path);
        if (answer is ISecretAnswer)
            (await again.Content.ReadAsStringAsync(Cancel)).ShouldNotBe(await first.Content.ReadAsStringAsync(Cancel));
        return answer;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, string path, object body, string key) =>
        http.SendAsync(new(HttpMethod.Post, path) { Headers = { { "Idempotency-Key", key } }, Content = JsonContent.Create(body, body.GetType()) }, Cancel);
}
