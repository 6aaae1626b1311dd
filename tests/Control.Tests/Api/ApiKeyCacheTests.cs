using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Tests.Limits;

namespace Platform.Control.Tests.Api;

/// <summary>A key's own time in the cache: answered, and delivered with each of its secrets.</summary>
public sealed class ApiKeyCacheTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_set_changed_and_delivered_with_both_secrets()
    {
        var (tenant, admin) = await control.TenantAsync();
        var project = await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "p" });

        var made = (await admin.CreateAsync<CreatedApiKeyAnswer>(Path(tenant), new CreateApiKeyRequest { Name = "k", ProjectId = project.Id, CacheSeconds = 60 })).ApiKey;
        (await EntriesAsync(tenant)).Select(e => e.CacheSeconds).ShouldBe([60]);
        using var rotated = await admin.PostAsync($"{Path(tenant)}/{made.Id}/rotate", new RotateApiKeyRequest { GraceMinutes = 10 });
        (await rotated.ShouldBeAsync<CreatedApiKeyAnswer>(HttpStatusCode.OK)).ApiKey.CacheSeconds.ShouldBe(60);
        (await EntriesAsync(tenant)).Select(e => e.CacheSeconds).ShouldBe([60, 60]);
        var never = await admin.ReplaceAsync<ApiKeyAnswer>($"{Path(tenant)}/{made.Id}", new UpdateApiKeyRequest { Name = "k", CacheSeconds = 0 });
        (await EntriesAsync(tenant)).Select(e => e.CacheSeconds).ShouldBe([0, 0]);
        var none = await admin.ReplaceAsync<ApiKeyAnswer>($"{Path(tenant)}/{made.Id}", new UpdateApiKeyRequest { Name = "k" });

        (made.CacheSeconds, never.CacheSeconds, none.CacheSeconds).ShouldBe((60, 0, null));
        (await EntriesAsync(tenant)).Select(e => e.CacheSeconds).ShouldBe([null, null]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(86_401)]
    public async Task What_is_out_of_bounds_is_named(int seconds)
    {
        var (tenant, admin) = await control.TenantAsync();
        var (project, key) = await Resources.ProjectAndKeyAsync(admin, tenant);

        using var made = await admin.PostAsync(Path(tenant), new CreateApiKeyRequest { Name = "k", ProjectId = project.Id, CacheSeconds = seconds });
        using var changed = await Resources.PutAsync(admin, $"{Path(tenant)}/{key.Id}", new UpdateApiKeyRequest { Name = "k", CacheSeconds = seconds });

        await made.ShouldFaultAsync("cacheSeconds");
        await changed.ShouldFaultAsync("cacheSeconds");
    }

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/api-keys";

    private async Task<IReadOnlyList<ApiKeyEntry>> EntriesAsync(TenantId tenant) => (await control.Database.InTenantAsync(
        tenant, (db, ct) => db.ConfigResources.Where(r => r.TenantId == tenant && r.Kind == ConfigKinds.KeyShard).Select(r => r.Document).SingleAsync(ct), Cancel))!
        .Value.Deserialize(WireJson.Default.KeyShardDocument)!.Keys;
}
