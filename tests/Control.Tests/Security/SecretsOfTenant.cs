using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;
using Platform.Control.Tests.Certificates;

namespace Platform.Control.Tests.Security;

/// <summary>Does everything in a tenant that has a secret in it, with a repeat under the same idempotency key.</summary>
internal static class SecretsOfTenant
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static async Task<TenantId> MakeAsync(ControlApp app, KnownSecrets known, List<string> answers)
    {
        var (tenant, _) = await app.TenantAsync();
        var (id, secret) = await app.ClientAsync();
        known.Add("client secret", secret);
        known.Add("access token", await app.TokenAsync(id, secret));
        using var owner = await app.CallerAsync(tenant: tenant, role: TenantRoles.Owner);
        var path = $"/api/v1/tenants/{tenant}";
        await KeysAsync(owner, path, known);
        await PoolAsync(owner, path, known, answers);
        await CertificateAsync(owner, path, known, answers);
        await ClientsAsync(owner, path, known);
        await ProviderAsync(owner, path, known);
        await InvitationAsync(owner, path, known);
        await TriedAsync(owner, path, known, answers);
        await SaltAsync(app, tenant, known);
        await EntryAsync(app, tenant, known);
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

    private static async Task PoolAsync(HttpClient owner, string path, KnownSecrets known, List<string> answers)
    {
        var key = known.Add("provider key", $"pk-{Guid.NewGuid():N}");
        var pool = await TwiceAsync<PoolAnswer>(
            owner, $"{path}/pools", new { name = "p", engine = "openai", endpoints = new[] { new { url = "https://1.1.1.1/v1" } }, providerKey = key }, HttpStatusCode.Created);
        var rotated = known.Add("rotated provider key", $"pk-{Guid.NewGuid():N}");
        using var put = await owner.SendAsync(
            new(HttpMethod.Put, $"{path}/pools/{pool.Id}/provider-key") { Headers = { { "If-Match", "*" } }, Content = JsonContent.Create(new { key = rotated }) }, Cancel);
        answers.Add("PUT provider-key: " + await put.ShouldHaveTextAsync(HttpStatusCode.OK));
        using var read = await owner.GetAsync($"{path}/pools/{pool.Id}/provider-key", Cancel);
        answers.Add("GET provider-key: " + await read.ShouldHaveTextAsync(HttpStatusCode.OK));
    }

    /// <summary>A private key in PEM: each of its lines is a secret of its own.</summary>
    private static async Task CertificateAsync(HttpClient owner, string path, KnownSecrets known, List<string> answers)
    {
        var pool = (await owner.GetAsync<Page<PoolAnswer>>($"{path}/pools")).Items[0].Id;
        using var root = Pems.Authority();
        foreach (var (name, query) in new[] { ("client certificate's key", ""), ("rotated client certificate's key", ""), ("tried client certificate's key", "?dryRun=true") })
        {
            using var leaf = Pems.Leaf(root);
            var request = Pems.Request(leaf, root);
            known.Add(name, request.PrivateKey);
            foreach (var line in request.PrivateKey.Split('\n').Where(l => l.Length > 40).Skip(1))
                known.Add(name, line);
            using var put = await owner.SendAsync(
                new(HttpMethod.Put, $"{path}/pools/{pool}/client-certificate{query}") { Headers = { { "If-Match", "*" } }, Content = JsonContent.Create(request) }, Cancel);
            answers.Add("PUT client-certificate: " + await put.ShouldHaveTextAsync(HttpStatusCode.OK));
        }
        using var read = await owner.GetAsync($"{path}/pools/{pool}/client-certificate", Cancel);
        answers.Add("GET client-certificate: " + await read.ShouldHaveTextAsync(HttpStatusCode.OK));
    }

    /// <summary>Dry runs answer what would be, and what agents would get.</summary>
    private static async Task TriedAsync(HttpClient owner, string path, KnownSecrets known, List<string> answers)
    {
        var (key, secret) = (known.Add("tried provider key", $"pk-{Guid.NewGuid():N}"), known.Add("tried identity provider's secret", $"is-{Guid.NewGuid():N}"));
        foreach (var (part, body) in new (string, object)[]
        {
            ("pools", new { name = "tried", engine = "openai", endpoints = new[] { new { url = "https://1.1.1.1/v1" } }, providerKey = key }),
            ("identity-providers", new { name = "tried", issuer = "https://login.example.com", clientId = "us", clientSecret = secret, domain = "tried.example.com", defaultRole = "developer" }),
        })
        {
            using var tried = await owner.PostAsync($"{path}/{part}?dryRun=true", body);
            answers.Add($"dry run of {part}: {await tried.ShouldHaveTextAsync(HttpStatusCode.OK)}");
        }
        foreach (var (part, secretOf) in new[] { ("service-clients", "clientSecret"), ("invitations", "acceptUrl"), ("api-keys", "key") })
        {
            object body = part switch
            {
                "service-clients" => new ServiceClientRequest { Name = "tried", Role = TenantRoles.Developer, Scopes = [ApiScopes.All] },
                "invitations" => new CreateInvitationRequest { Email = $"{Guid.NewGuid():N}@example.com", Role = TenantRoles.Billing },
                _ => new { name = "tried", projectId = (await owner.GetAsync<Page<ProjectAnswer>>($"{path}/projects")).Items[0].Id },
            };
            using var tried = await owner.PostAsync($"{path}/{part}?dryRun=true", body);
            var answer = await tried.ShouldBeAsync<JsonElement>(HttpStatusCode.OK);
            answer.GetProperty("resource").GetProperty(secretOf).ValueKind.ShouldBe(JsonValueKind.Null, part);
        }
    }

    /// <summary>What keeps the tenant's prefixes in shared caches apart; read as no one but the compiler may.</summary>
    private static async Task SaltAsync(ControlApp app, TenantId tenant, KnownSecrets known)
    {
        using var staff = await app.OperatorAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/operator/tenants/{tenant}/isolation-policy") { Content = JsonContent.Create(new { cacheSalt = true }) };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var put = await staff.SendAsync(request, Cancel);
        await put.ShouldHaveTextAsync(HttpStatusCode.OK);
        var salt = await app.Database.InPlatformAsync(
            (db, ct) => db.IsolationPolicies.Where(p => p.TenantId == tenant && p.IsOperators).Select(p => p.CacheSalt).SingleAsync(ct), Cancel);
        known.Add("cache salt", app.Services.GetRequiredService<MasterKey>().Open(salt.ShouldNotBeNull(), IsolationPolicyRow.SaltContextOf(tenant)));
    }

    private static async Task EntryAsync(ControlApp app, TenantId tenant, KnownSecrets known)
    {
        var caller = await app.OperatorWithTokenAsync();
        known.Add("operator's token", caller.Token);
        foreach (var raised in new[] { false, true })
        {
            using var answer = await app.ExchangeAsync(caller, tenant, raised);
            var token = known.Add("exchanged token", (await answer.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK)).AccessToken);
            using var inside = app.With(token);
            await inside.GetAsync<TenantAnswer>($"/api/v1/tenants/{tenant}");
        }
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
