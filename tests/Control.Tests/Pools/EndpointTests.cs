using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using static Platform.Control.Tests.Pools.PoolSteps;

namespace Platform.Control.Tests.Pools;

public sealed class EndpointTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_endpoint_lives_from_its_addition_to_its_removal_and_each_change_is_one_of_the_pool()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);
        var path = Path(tenant, pool.Id, "/endpoints");

        using var created = await admin.PostAsync(path, new CreateEndpointRequest { Url = "https://two.example.com", Capacity = 4 });
        var made = await created.ShouldBeAsync<EndpointAnswer>(HttpStatusCode.Created);
        created.Headers.ETag!.Tag.ShouldBe("\"v2\"");
        created.Headers.Location!.ToString().ShouldEndWith($"/endpoints/{made.Id}");
        (await EntryAsync(made.Id))!.Capacity.ShouldBe(4);

        using var put = await admin.PutAsync($"{path}/{made.Id}", new UpdateEndpointRequest { Url = "https://three.example.com/base/" }, "\"v2\"");
        (await put.ShouldBeAsync<EndpointAnswer>(HttpStatusCode.OK)).Version.ShouldBe(3);
        (await EntryAsync(made.Id))!.Url.ToString().ShouldBe("https://three.example.com/base");

        (await PostAsync($"{path}/{made.Id}/drain")).DrainingSince.ShouldNotBeNull();
        (await EntryAsync(made.Id))!.Draining.ShouldBeTrue();
        (await PostAsync($"{path}/{made.Id}/drain")).Version.ShouldBe(4, "it drains already");
        (await PostAsync($"{path}/{made.Id}/undrain")).DrainingSince.ShouldBeNull();
        (await EntryAsync(made.Id))!.Draining.ShouldBeFalse();

        using var read = await admin.GetAsync($"{path}/{made.Id}", Cancel);
        read.Headers.ETag!.Tag.ShouldBe("\"v5\"");
        await admin.DeleteAsync($"{path}/{made.Id}", HttpStatusCode.NoContent);
        (await EntryAsync(made.Id)).ShouldBeNull();
        await admin.ShouldBeGoneAsync($"{path}/{made.Id}");
        var left = await admin.GetAsync<PoolAnswer>(Path(tenant, pool.Id));
        (left.Version, left.Endpoints.Single().Id).ShouldBe((6, pool.Endpoints[0].Id));
        (await control.Database.InTenantAsync(tenant, (db, ct) => db.Endpoints.SingleAsync(e => e.Id == made.Id, ct), Cancel)).RemovedAt.ShouldNotBeNull();
        (await control.ActionsAsync(tenant, made.Id.ToString()))
            .ShouldBe(["endpoint.create", "endpoint.update", "endpoint.drain", "endpoint.undrain", "endpoint.delete"]);

        async Task<EndpointAnswer> PostAsync(string url)
        {
            using var answer = await admin.PostAsync(url, null, Cancel);
            return await answer.ShouldBeAsync<EndpointAnswer>(HttpStatusCode.OK);
        }

        async Task<Contracts.Configuration.EndpointEntry?> EntryAsync(EndpointId id) =>
            (await control.DocumentAsync(pool, tenant))!.Endpoints.SingleOrDefault(e => e.Id == id);
    }

    [Fact]
    public async Task The_list_has_pages_and_a_search_by_address()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant, Pool("p", "https://b.example.com", "https://a.example.com", "https://c.example.com"));
        var path = Path(tenant, pool.Id, "/endpoints");

        var first = await admin.GetAsync<Page<EndpointAnswer>>(path + "?limit=2&sort=url");
        var rest = await admin.GetAsync<Page<EndpointAnswer>>(path + $"?limit=2&sort=url&cursor={first.NextCursor}");
        var found = await admin.GetAsync<Page<EndpointAnswer>>(path + "?q=B.example");

        first.Items.Concat(rest.Items).Select(e => e.Url.Host).ShouldBe(["a.example.com", "b.example.com", "c.example.com"]);
        found.Items.Single().Url.Host.ShouldBe("b.example.com");
    }

    [Fact]
    public async Task A_change_of_an_old_version_is_412_and_a_dry_run_changes_nothing()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);
        var path = Path(tenant, pool.Id, $"/endpoints/{pool.Endpoints[0].Id}");

        using var stale = await admin.PutAsync(path, new UpdateEndpointRequest { Url = "https://x.example.com" }, "\"v2\"");
        using var tried = await admin.PostAsync(path + "/drain?dryRun=true", null, Cancel);

        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        var preview = await tried.ShouldBeAsync<DryRunAnswer<EndpointAnswer>>(HttpStatusCode.OK);
        preview.Resource!.DrainingSince.ShouldNotBeNull();
        preview.Agents.Count.ShouldBe(1);
        (await admin.GetAsync<EndpointAnswer>(path)).ShouldBe(pool.Endpoints[0]);
    }

    [Fact]
    public async Task A_pool_has_at_most_a_thousand_endpoints_that_were_not_removed()
    {
        using var http = await control.OperatorAsync();
        var urls = Enumerable.Range(0, CreatePoolRequest.MaxEndpoints).Select(i => $"http://10.0.0.1:{10000 + i}").ToArray();
        var pool = await http.PoolAsync(TenantId.Platform, Pool(Guid.NewGuid().ToString("N"), urls));
        var path = Path(TenantId.Platform, pool.Id, "/endpoints");

        using var full = await http.PostAsync(path, new CreateEndpointRequest { Url = "http://10.0.0.1:8000" });
        await http.DeleteAsync($"{path}/{pool.Endpoints[0].Id}", HttpStatusCode.NoContent);

        await full.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.ValidationFailed);
        await http.CreateAsync<EndpointAnswer>(path, new CreateEndpointRequest { Url = "http://10.0.0.1:8000" });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000_001)]
    public async Task A_capacity_is_a_number_of_requests(int capacity)
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);

        using var answer = await admin.PostAsync(
            Path(tenant, pool.Id, "/endpoints"), new CreateEndpointRequest { Url = "https://models.example.com", Capacity = capacity });

        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
    }
}
