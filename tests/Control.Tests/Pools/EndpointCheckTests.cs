using System.Diagnostics;
using System.Net;
using Platform.Contracts.Api;
using static Platform.Control.Tests.Pools.PoolSteps;

namespace Platform.Control.Tests.Pools;

/// <summary>Names that are looked up before a tenant may have them.</summary>
public sealed class EndpointCheckTests(ControlApp control) : IClassFixture<ControlApp>
{
    [Theory]
    [InlineData("public.test", true, "8.8.8.8", "2606:4700:4700::1111")]
    [InlineData("private.test", false, "10.0.0.1")]
    [InlineData("loopback.test", false, "127.0.0.1")]
    [InlineData("metadata.test", false, "169.254.169.254")]
    [InlineData("mapped.test", false, "::ffff:127.0.0.1")]
    [InlineData("nat64.test", false, "64:ff9b::a00:1")]
    [InlineData("mixed.test", false, "8.8.8.8", "10.0.0.1")]
    [InlineData("mixed-six.test", false, "2606:4700:4700::1111", "::1")]
    [InlineData("empty.test", false)]
    public async Task A_name_is_refused_where_any_of_its_addresses_is(string name, bool allowed, params string[] addresses)
    {
        var (tenant, admin) = await control.TenantAsync();
        control.Names.Set(name, addresses);

        using var answer = await admin.PostAsync(Path(tenant), Pool("p", $"https://{name}/v1"));

        if (allowed)
            await answer.ShouldBeAsync<PoolAnswer>(HttpStatusCode.Created);
        else
            await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.UrlRefused);
    }

    [Fact]
    public async Task All_faults_come_at_once_by_their_paths_and_say_nothing_of_what_is_behind_a_name()
    {
        var (tenant, admin) = await control.TenantAsync();
        control.Names.Set("inside.test", "10.0.0.7");

        using var answer = await admin.PostAsync(Path(tenant), Pool("p", "https://127.0.0.1", "https://models.example.com", "https://inside.test", "https://nobody.test", "http://x"));

        var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.UrlRefused);
        var errors = problem.GetProperty("errors").EnumerateObject().ToDictionary(e => e.Name, e => e.Value[0].GetString());
        errors.Keys.Order().ShouldBe(["endpoints[0].url", "endpoints[2].url", "endpoints[3].url", "endpoints[4].url"]);
        errors["endpoints[2].url"].ShouldBe(errors["endpoints[3].url"]);
        problem.ToString().ShouldNotContain("10.0.0.7");
    }

    [Fact]
    public async Task A_resolver_that_hangs_is_left_behind_after_two_seconds_for_all_names_together()
    {
        var (tenant, admin) = await control.TenantAsync();
        var names = Enumerable.Range(0, 40).Select(i => $"hangs{i}.test").ToList();
        names.ForEach(control.Names.Hang);
        var start = Stopwatch.GetTimestamp();

        using var answer = await admin.PostAsync(Path(tenant), Pool("p", [.. names.Select(n => $"https://{n}")]));

        var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.UrlRefused);
        problem.GetProperty("errors").EnumerateObject().Count().ShouldBe(40);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task What_the_operator_allows_may_be_behind_a_name_too()
    {
        var (tenant, admin) = await control.TenantAsync();
        control.Names.Set("allowed.test", "10.77.0.1");
        using var before = await admin.PostAsync(Path(tenant), Pool("p", "https://allowed.test", "https://10.77.0.2"));

        await control.AllowAsync("10.77.0.0/16");

        await before.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.UrlRefused);
        (await admin.PoolAsync(tenant, Pool("p", "https://allowed.test", "https://10.77.0.2"))).Endpoints.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_endpoint_that_is_added_or_changed_is_looked_at_like_a_new_pools()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);
        var path = Path(tenant, pool.Id, "/endpoints");

        using var added = await admin.PostAsync(path, new CreateEndpointRequest { Url = "https://nobody.test" });
        using var changed = await admin.PutAsync($"{path}/{pool.Endpoints[0].Id}", new UpdateEndpointRequest { Url = "http://models.example.com" });

        foreach (var answer in new[] { added, changed })
        {
            var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.UrlRefused);
            problem.GetProperty("errors").EnumerateObject().Single().Name.ShouldBe("url");
        }
    }

    [Fact]
    public async Task A_name_that_changes_its_answer_is_looked_at_again_each_time_it_is_stored()
    {
        var (tenant, admin) = await control.TenantAsync();
        control.Names.Set("rebound.test", "8.8.8.8");
        var pool = await admin.PoolAsync(tenant, Pool("p", "https://rebound.test"));
        control.Names.Set("rebound.test", "169.254.169.254");
        var path = Path(tenant, pool.Id, "/endpoints");

        using var changed = await admin.PutAsync($"{path}/{pool.Endpoints[0].Id}", new UpdateEndpointRequest { Url = "https://rebound.test", Capacity = 2 });
        using var added = await admin.PostAsync(path, new CreateEndpointRequest { Url = "https://rebound.test/v2" });

        foreach (var answer in new[] { changed, added })
            await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.UrlRefused);
        (await admin.GetAsync<PoolAnswer>(Path(tenant, pool.Id))).Version.ShouldBe(1);
    }
}
