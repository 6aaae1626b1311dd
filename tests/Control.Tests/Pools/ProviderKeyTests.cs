using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;
using static Platform.Control.Tests.Pools.PoolSteps;

namespace Platform.Control.Tests.Pools;

public sealed class ProviderKeyTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string First = "sk-upstream-first-1111";
    private const string Second = "sk-upstream-second-2222";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_set_replaced_and_deleted_and_only_its_hint_comes_back()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);
        var path = Path(tenant, pool.Id, "/provider-key");
        await admin.ShouldBeGoneAsync(path);

        using var set = await admin.PutAsync(path, new ProviderKeyRequest { Key = First }, "\"v1\"");
        var one = await set.ShouldBeAsync<ProviderKeyAnswer>(HttpStatusCode.OK);
        var before = await control.DocumentAsync(pool, tenant);
        (await StoredAsync(tenant, pool.Id)).ShouldBe(First);
        using var stale = await admin.PutAsync(path, new ProviderKeyRequest { Key = Second }, "\"v1\"");
        using var rotated = await admin.PutAsync(path, new ProviderKeyRequest { Key = Second }, "\"v2\"");
        var two = await rotated.ShouldBeAsync<ProviderKeyAnswer>(HttpStatusCode.OK);
        (await StoredAsync(tenant, pool.Id)).ShouldBe(Second);

        (one.Hint, one.RotatedAt, one.Version).ShouldBe(("1111", null, 2));
        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        (two.Hint, two.CreatedAt, two.Version).ShouldBe(("2222", one.CreatedAt, 3));
        two.RotatedAt.ShouldNotBeNull();
        (await admin.GetAsync<ProviderKeyAnswer>(path)).ShouldBe(two);
        before!.ProviderKey.ShouldNotBeNull();
        (await control.DocumentAsync(pool, tenant))!.ProviderKey.ShouldNotBe(before.ProviderKey);

        await admin.DeleteAsync(path, HttpStatusCode.NoContent);
        (await control.DocumentAsync(pool, tenant))!.ProviderKey.ShouldBeNull();
        (await admin.GetAsync<PoolAnswer>(Path(tenant, pool.Id))).HasProviderKey.ShouldBeFalse();
        await admin.ShouldBeGoneAsync(path);
        await admin.DeleteAsync(path, HttpStatusCode.NotFound);
        await ShouldBeNowhereAsync(tenant, First, Second);
    }

    [Theory]
    [InlineData("12345678901", "")]
    [InlineData("123456789012", "9012")]
    public async Task The_hint_of_a_short_key_is_empty(string key, string hint)
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant, Pool("p") with { ProviderKey = key });

        (await admin.GetAsync<ProviderKeyAnswer>(Path(tenant, pool.Id, "/provider-key"))).Hint.ShouldBe(hint);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" sk-leading-space")]
    [InlineData("sk-line\nbreak-secret")]
    [InlineData("sk-break-at-end\n")]
    [InlineData("sk-\u00fcber-secret")]
    public async Task A_key_that_no_header_can_carry_is_refused_and_not_repeated(string key)
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);

        using var put = await admin.PutAsync(Path(tenant, pool.Id, "/provider-key"), new ProviderKeyRequest { Key = key });
        using var post = await admin.PostAsync(Path(tenant), Pool("with") with { ProviderKey = key });

        foreach (var answer in new[] { put, post })
        {
            var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
            problem.ToString().ShouldNotContain("sk-");
        }
    }

    [Fact]
    public async Task A_dry_run_sets_no_key_and_shows_none()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);
        var path = Path(tenant, pool.Id, "/provider-key");

        using var tried = await admin.PutAsync(path + "?dryRun=true", new ProviderKeyRequest { Key = First });

        (await tried.ShouldHaveTextAsync(HttpStatusCode.OK)).ShouldNotContain(First);
        await admin.ShouldBeGoneAsync(path);
    }

    [Theory]
    [InlineData("https://other.example.com/base")]
    [InlineData("https://models.example.com:8443/base")]
    [InlineData("https://models.example.com/another")]
    public async Task A_stored_key_goes_to_no_address_that_it_was_not_entered_for(string url)
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant, Pool("p", "https://models.example.com/base") with { ProviderKey = First });
        var path = Path(tenant, pool.Id, "/endpoints");
        var endpoint = $"{path}/{pool.Endpoints[0].Id}";

        using var moved = await admin.PutAsync(endpoint, new { url, capacity = 1 });
        using var added = await admin.PostAsync(path, new { url });
        using var same = await admin.PutAsync(endpoint, new { url = "https://models.example.com/base", capacity = 2 });
        using var twin = await admin.PostAsync(path, new { url = "https://models.example.com/base/" });

        foreach (var refused in new[] { moved, added })
        {
            var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "provider_key_needed");
            problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["providerKey"]);
        }
        same.StatusCode.ShouldBe(HttpStatusCode.OK);
        twin.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await StoredAsync(tenant, pool.Id)).ShouldBe(First);
        (await control.DocumentAsync(pool, tenant))!.Endpoints.ShouldAllBe(e => e.Url == new Uri("https://models.example.com/base"));
    }

    [Fact]
    public async Task A_key_that_is_given_anew_with_an_address_takes_the_place_of_the_stored_one()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant, Pool("p", "https://models.example.com") with { ProviderKey = First });
        var path = Path(tenant, pool.Id, "/endpoints");

        using var moved = await admin.PutAsync($"{path}/{pool.Endpoints[0].Id}", new { url = "https://other.example.com", providerKey = Second });
        (await moved.ShouldHaveTextAsync(HttpStatusCode.OK)).ShouldNotContain(Second);
        (await StoredAsync(tenant, pool.Id)).ShouldBe(Second);
        using var added = await admin.PostAsync(path, new { url = "https://third.example.com", providerKey = First });
        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await StoredAsync(tenant, pool.Id)).ShouldBe(First);

        (await control.ActionsAsync(tenant, pool.Id.ToString())).ShouldBe(["pool.create", "provider-key.update", "provider-key.update"]);
        await admin.DeleteAsync(Path(tenant, pool.Id, "/provider-key"), HttpStatusCode.NoContent);
        using var free = await admin.PostAsync(path, new { url = "https://fourth.example.com" });
        free.StatusCode.ShouldBe(HttpStatusCode.Created);
        await ShouldBeNowhereAsync(tenant, First, Second);
    }

    private async Task<string> StoredAsync(TenantId tenant, PoolId pool)
    {
        var row = await control.Database.InTenantAsync(tenant, (db, ct) => db.ProviderKeys.SingleAsync(k => k.PoolId == pool, ct), Cancel);
        return System.Text.Encoding.UTF8.GetString(control.Services.GetRequiredService<MasterKey>().Open(row.Sealed, ProviderKeyRow.ContextOf(tenant, pool)));
    }

    private async Task ShouldBeNowhereAsync(TenantId tenant, params string[] secrets)
    {
        var texts = await control.Database.InTenantAsync(
            tenant,
            async (db, ct) => string.Join('\n', (await db.AuditEvents.Where(a => a.TenantId == tenant).ToListAsync(ct)).Select(a => $"{a.Before} {a.After} {a.Details}")),
            Cancel);
        texts.ShouldContain("2222");
        foreach (var secret in secrets)
            texts.ShouldNotContain(secret);
    }
}
