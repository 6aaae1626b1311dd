using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;

namespace Platform.Control.Tests.Api;

public sealed class ApiKeyTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_shown_once_and_stored_as_a_hash()
    {
        var (tenant, admin) = await control.TenantAsync();
        var project = await ProjectAsync(tenant, admin);

        var created = await CreateAsync(tenant, admin, project);

        ApiKeyFormat.TryGetPrefix(created.Key, out var prefix).ShouldBeTrue();
        created.ApiKey.Prefix.ShouldBe(prefix);
        var listed = await admin.GetAsync<Page<ApiKeyAnswer>>($"/api/v1/tenants/{tenant}/api-keys");
        listed.Items.ShouldBe([created.ApiKey]);
        var row = await RowAsync(tenant, created.ApiKey.Id);
        row.Hash.Length.ShouldBe(32);
        var secret = created.Key![ApiKeyFormat.PrefixLength..];
        (await DumpAsync(tenant)).ShouldNotContain(secret);
    }

    [Fact]
    public async Task A_key_reaches_its_shard_in_the_transaction_that_makes_it()
    {
        var (tenant, admin) = await control.TenantAsync();
        var created = await CreateAsync(tenant, admin, await ProjectAsync(tenant, admin));

        var row = await RowAsync(tenant, created.ApiKey.Id);
        var resource = await ResourceAsync(tenant, $"{tenant}/{row.Shard}");
        var head = await control.Database.InPlatformAsync((db, ct) => db.ConfigHeads.Select(h => h.Revision).SingleAsync(ct), Cancel);
        resource.Revision.ShouldBe(head);
        resource.Document.ToString()!.ShouldContain(created.ApiKey.Id.ToString());
    }

    [Fact]
    public async Task Revoking_twice_is_the_same_as_once()
    {
        var (tenant, admin) = await control.TenantAsync();
        var created = await CreateAsync(tenant, admin, await ProjectAsync(tenant, admin));
        var path = $"/api/v1/tenants/{tenant}/api-keys/{created.ApiKey.Id}/revoke";

        using var first = await admin.PostAsync(path, null, Cancel);
        using var second = await admin.PostAsync(path, null, Cancel);

        var revoked = await first.ShouldBeAsync<ApiKeyAnswer>(HttpStatusCode.OK);
        revoked.RevokedAt.ShouldNotBeNull();
        (await second.ShouldBeAsync<ApiKeyAnswer>(HttpStatusCode.OK)).RevokedAt!.Value.ShouldBe(revoked.RevokedAt.Value, TimeSpan.FromMilliseconds(1));
        (await ResourceAsync(tenant, $"{tenant}/0")).Document.ToString()!.ShouldNotContain(created.ApiKey.Id.ToString());
        var events = await control.Database.InTenantAsync(
            tenant, (db, ct) => db.AuditEvents.Where(e => e.Target == created.ApiKey.Id.ToString()).OrderBy(e => e.At).Select(e => e.Action).ToListAsync(ct), Cancel);
        events.ShouldBe(["api-key.create", "api-key.revoke"]);
    }

    [Fact]
    public async Task A_key_of_another_project_end_or_id_is_refused()
    {
        var (tenant, admin) = await control.TenantAsync();
        var path = $"/api/v1/tenants/{tenant}/api-keys";

        using var foreign = await admin.PostAsync(path, new CreateApiKeyRequest { Name = "k", ProjectId = ProjectId.New() });
        using var past = await admin.PostAsync(
            path, new CreateApiKeyRequest { Name = "k", ProjectId = await ProjectAsync(tenant, admin), ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(-1) });
        using var unknown = await admin.PostAsync($"{path}/{ApiKeyId.New()}/revoke", null, Cancel);

        await foreign.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.ProjectUnknown);
        (await past.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.ValidationFailed))
            .GetProperty("errors").TryGetProperty("expiresAt", out _).ShouldBeTrue();
        await unknown.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    [Fact]
    public async Task A_full_shard_takes_no_more_keys()
    {
        var (tenant, admin) = await control.TenantAsync();
        var project = await ProjectAsync(tenant, admin);
        await FillShardAsync(tenant, project);

        var created = await CreateAsync(tenant, admin, project);

        (await RowAsync(tenant, created.ApiKey.Id)).Shard.ShouldBe(1);
    }

    [Fact]
    public async Task A_list_is_read_in_pages_in_the_order_of_creation()
    {
        var (tenant, admin) = await control.TenantAsync();
        var project = await ProjectAsync(tenant, admin);
        var keys = new List<ApiKeyId>();
        for (var i = 0; i < 5; i++)
            keys.Add((await CreateAsync(tenant, admin, project)).ApiKey.Id);

        var read = new List<ApiKeyId>();
        string? cursor = null;
        do
        {
            var page = await admin.GetAsync<Page<ApiKeyAnswer>>($"/api/v1/tenants/{tenant}/api-keys?limit=2" + (cursor is null ? "" : $"&cursor={cursor}"));
            page.Items.Count.ShouldBeLessThanOrEqualTo(2);
            read.AddRange(page.Items.Select(k => k.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        read.ShouldBe(keys);
    }

    private static async Task<ProjectId> ProjectAsync(TenantId tenant, HttpClient admin) =>
        (await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = Guid.NewGuid().ToString("N") })).Id;

    private static Task<CreatedApiKeyAnswer> CreateAsync(TenantId tenant, HttpClient admin, ProjectId project) =>
        admin.CreateAsync<CreatedApiKeyAnswer>($"/api/v1/tenants/{tenant}/api-keys", new CreateApiKeyRequest { Name = "a key", ProjectId = project });

    private Task<ApiKeyRow> RowAsync(TenantId tenant, ApiKeyId id) =>
        control.Database.InTenantAsync(tenant, (db, ct) => db.ApiKeys.SingleAsync(k => k.Id == id, ct), Cancel);

    private Task<ConfigResourceRow> ResourceAsync(TenantId tenant, string key) =>
        control.Database.InTenantAsync(tenant, (db, ct) => db.ConfigResources.SingleAsync(r => r.Kind == ConfigKinds.KeyShard && r.Key == key, ct), Cancel);

    private Task<string> DumpAsync(TenantId tenant) => control.Database.InTenantAsync(
        tenant,
        async (db, ct) => string.Join('\n', await db.Database.SqlQueryRaw<string>(
            """
            SELECT k::text AS "Value" FROM api_keys k
            UNION ALL SELECT a::text FROM audit_events a
            UNION ALL SELECT r::text FROM config_resources r
            """).ToListAsync(ct)),
        Cancel);

    private Task<int> FillShardAsync(TenantId tenant, ProjectId project) => control.Database.InTenantAsync(
        tenant,
        async (db, ct) =>
        {
            for (var i = 0; i < KeyShardDocument.MaxKeys; i++)
            {
                ApiKeyFormat.TryGetPrefix(ApiKeyFormat.Generate(), out var prefix);
                db.ApiKeys.Add(new()
                {
                    TenantId = tenant,
                    Id = ApiKeyId.New(),
                    ProjectId = project,
                    Name = "k",
                    Prefix = prefix,
                    PepperId = "p",
                    Hash = new byte[32],
                    Shard = 0,
                    CreatedBy = "test",
                    CreatedAt = DateTimeOffset.UtcNow,
                });
            }
            return await db.SaveChangesAsync(ct);
        },
        Cancel);
}
