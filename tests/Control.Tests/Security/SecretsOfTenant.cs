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
        await ClientsAsync(owner, path, known);
        await ProviderAsync(owner, path, known);
        await InvitationAsync(owner, path, known);
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
        var pool = await TwiceAsync<PoolAnswer>(
            owner, $"{path}/pools", new { name = "p", engine = "openai", endpoints = new[] { new { url = "https://1.1.1.1/v1" } }, providerKey = key }, HttpStatusCode.Created);
        var rotated = known.Add("rotated provider key", $"pk-{Guid.NewGuid():N}");
        using var put = await owner.SendAsync(
            new(HttpMethod.Put, $"{path}/pools/{pool.Id}/provider-key") { Headers = { { "If-Match", "*" } }, Content = JsonContent.Create(new { key = rotated }) }, Cancel);
        await put.ShouldHaveTextAsync(HttpStatusCode.OK);
    }

    private static async Task ClientsAsync(HttpClient owner, string path, KnownSecrets known)
    {
        var body = new ServiceClientRequest { Name = "c", Role = TenantRoles.Developer, Scopes = [ApiScopes.All] };
        var made = await TwiceAsync<ServiceClientSecretAnswer>(owner, $"{path}/service-clients", body, HttpStatusCode.Created);
        known.Add("service client's secret", made.ClientSecret);
        var rotated = await TwiceAsync<ServiceClientSecretAnswer>(owner, $"{path}/service-clients/{made.Client.Id}/rotate", new { }, HttpStatusCode.OK);
        known.Add("service client's rotated secret", rotated.ClientSecret);
    }

    private static Task<IdentityProviderAnswer> ProviderAsync(HttpClient owner, string path, KnownSecrets known) => TwiceAsync<IdentityProviderAnswer>(
        owner,
        $"{path}/identity-providers",
        new IdentityProviderRequest
        {
            Name = "i",
            Issuer = "https://login.example.com",
            ClientId = "us",
            ClientSecret = known.Add("identity provider's secret", $"is-{Guid.NewGuid():N}"),
            Domain = "secrets.example.com",
            RoleMapping = new Dictionary<string, string> { ["staff"] = TenantRoles.Developer },
        },
        HttpStatusCode.Created);

    private static async Task InvitationAsync(HttpClient owner, string path, KnownSecrets known)
    {
        var made = await TwiceAsync<CreatedInvitationAnswer>(
            owner, $"{path}/invitations", new CreateInvitationRequest { Email = $"{Guid.NewGuid():N}@example.com", Role = TenantRoles.Billing }, HttpStatusCode.Created);
        known.Add("invitation token", System.Web.HttpUtility.ParseQueryString(made.AcceptUrl!.Query)["token"]);
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
