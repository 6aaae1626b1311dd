using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;

namespace Platform.Control.Tests.Api;

/// <summary>What becomes of a key: changed, rotated, revoked; and what agents get of each.</summary>
public sealed class ApiKeyLifeTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rotated_key_is_delivered_with_both_secrets_until_the_grace_period_is_over()
    {
        var (tenant, admin, made) = await KeyAsync();

        using var answer = await admin.PostAsync($"{Path(tenant)}/{made.ApiKey.Id}/rotate", new RotateApiKeyRequest { GraceMinutes = 10 });

        var rotated = await answer.ShouldBeAsync<CreatedApiKeyAnswer>(HttpStatusCode.OK);
        rotated.Key.ShouldNotBeNull().ShouldNotBe(made.Key);
        rotated.ApiKey.Id.ShouldBe(made.ApiKey.Id);
        var entries = (await ShardAsync(tenant)).Keys;
        entries.Select(e => e.Prefix).ShouldBe([rotated.ApiKey.Prefix, made.ApiKey.Prefix]);
        entries.ShouldAllBe(e => e.Id == made.ApiKey.Id);
        entries[0].ExpiresAt.ShouldBeNull();
        entries[1].ExpiresAt.ShouldBe(rotated.ApiKey.PreviousSecretExpiresAt);
        (rotated.ApiKey.PreviousSecretExpiresAt - rotated.ApiKey.RotatedAt).ShouldBe(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_rotation_without_grace_ends_the_old_secret_at_once()
    {
        var (tenant, admin, made) = await KeyAsync();

        using var answer = await admin.PostAsync($"{Path(tenant)}/{made.ApiKey.Id}/rotate", new RotateApiKeyRequest { GraceMinutes = 0 });

        var rotated = await answer.ShouldBeAsync<CreatedApiKeyAnswer>(HttpStatusCode.OK);
        (await ShardAsync(tenant)).Keys.ShouldHaveSingleItem().Prefix.ShouldBe(rotated.ApiKey.Prefix);
    }

    [Fact]
    public async Task A_revoked_key_takes_its_old_secret_with_it_and_comes_back_by_nothing()
    {
        var (tenant, admin, made) = await KeyAsync();
        using var rotated = await admin.PostAsync($"{Path(tenant)}/{made.ApiKey.Id}/rotate", new RotateApiKeyRequest());

        using var revoked = await admin.DeleteAsync($"{Path(tenant)}/{made.ApiKey.Id}", Cancel);
        using var again = await admin.DeleteAsync($"{Path(tenant)}/{made.ApiKey.Id}", Cancel);
        using var rotatedAgain = await admin.PostAsync($"{Path(tenant)}/{made.ApiKey.Id}/rotate", new RotateApiKeyRequest());

        revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        again.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await rotatedAgain.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.KeyRevoked);
        (await ShardAsync(tenant)).Keys.ShouldBeEmpty();
        (await admin.GetAsync<Page<ApiKeyAnswer>>($"{Path(tenant)}?state=revoked")).Items.ShouldHaveSingleItem().Id.ShouldBe(made.ApiKey.Id);
        (await admin.GetAsync<Page<ApiKeyAnswer>>($"{Path(tenant)}?state=active")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_key_may_do_can_be_changed_and_reaches_the_agents()
    {
        var (tenant, admin, made) = await KeyAsync();
        var pool = await admin.CreateAsync<JsonElement>(
            $"/api/v1/tenants/{tenant}/pools", new { name = "p", engine = "vllm", endpoints = new[] { new { url = "https://1.1.1.1" } } });
        await admin.CreateAsync<JsonElement>($"/api/v1/tenants/{tenant}/models", new { name = "m", targets = new[] { new { poolId = pool.GetProperty("id").GetString() } } });
        var end = DateTimeOffset.UtcNow.AddDays(1);

        using var answer = await PutAsync(admin, tenant, made.ApiKey, new() { Name = "renamed", ExpiresAt = end, AllowedModels = ["m"], IpRanges = ["192.0.2.0/24", "2001:db8::/32"] });

        (await answer.ShouldBeAsync<ApiKeyAnswer>(HttpStatusCode.OK)).Name.ShouldBe("renamed");
        var entry = (await ShardAsync(tenant)).Keys.ShouldHaveSingleItem();
        entry.AllowedModels.ShouldBe([ModelName.Parse("m")]);
        entry.IpRanges.ShouldBe(["192.0.2.0/24", "2001:db8::/32"]);
        (entry.ExpiresAt!.Value - end).Duration().ShouldBeLessThan(TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_key_is_said_at_once()
    {
        var (tenant, admin, made) = await KeyAsync();

        using var shape = await PutAsync(admin, tenant, made.ApiKey, new() { Name = "", IpRanges = ["10.0.0.1/8", "nonsense"] });
        using var rest = await admin.PostAsync(Path(tenant), new CreateApiKeyRequest
        {
            Name = "k",
            ProjectId = ProjectId.New(),
            ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(-1),
            AllowedModels = ["nobody's"],
        });

        var first = (await shape.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed)).GetProperty("errors");
        first.EnumerateObject().Select(e => e.Name).ShouldBe(["name", "ipRanges"], ignoreOrder: true);
        var second = (await rest.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.ValidationFailed)).GetProperty("errors");
        second.EnumerateObject().Select(e => e.Name).ShouldBe(["expiresAt", "projectId", "allowedModels[0]"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_misspelt_member_is_a_fault_and_no_key_that_lives_for_ever()
    {
        var (tenant, admin, made) = await KeyAsync();

        using var answer = await admin.PostAsync(Path(tenant), new { name = "k", projectId = made.ApiKey.ProjectId, expireAt = DateTimeOffset.UtcNow.AddDays(1) });

        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.MalformedRequest);
    }

    [Fact]
    public async Task The_list_is_filtered_by_project_and_sorted_by_name()
    {
        var (tenant, admin, made) = await KeyAsync();
        var other = await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "other" });
        await admin.CreateAsync<CreatedApiKeyAnswer>(Path(tenant), new CreateApiKeyRequest { Name = "a", ProjectId = other.Id });

        (await admin.GetAsync<Page<ApiKeyAnswer>>($"{Path(tenant)}?sort=name")).Items.Select(k => k.Name).ShouldBe(["a", "k"]);
        (await admin.GetAsync<Page<ApiKeyAnswer>>($"{Path(tenant)}?projectId={other.Id}")).Items.ShouldHaveSingleItem().Name.ShouldBe("a");
        made.ApiKey.LastUsedAt.ShouldBeNull();
    }

    private async Task<(TenantId Tenant, HttpClient Admin, CreatedApiKeyAnswer Key)> KeyAsync()
    {
        var (tenant, admin) = await control.TenantAsync();
        var project = await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "p" });
        return (tenant, admin, await admin.CreateAsync<CreatedApiKeyAnswer>(Path(tenant), new CreateApiKeyRequest { Name = "k", ProjectId = project.Id }));
    }

    private async Task<KeyShardDocument> ShardAsync(TenantId tenant)
    {
        var document = await control.Database.InPlatformAsync(
            (db, ct) => db.ConfigResources.Where(r => r.TenantId == tenant && r.Kind == ConfigKinds.KeyShard).Select(r => r.Document).SingleAsync(ct), Cancel);
        return document!.Value.Deserialize(WireJson.Default.KeyShardDocument)!;
    }

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/api-keys";

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, TenantId tenant, ApiKeyAnswer key, UpdateApiKeyRequest body) =>
        http.SendAsync(new(HttpMethod.Put, $"{Path(tenant)}/{key.Id}") { Headers = { { "If-Match", $"\"v{key.Version}\"" } }, Content = JsonContent.Create(body) }, Cancel);
}
