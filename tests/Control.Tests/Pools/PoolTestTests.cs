using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Local.Processes;
using static Platform.Control.Tests.Pools.PoolSteps;

namespace Platform.Control.Tests.Pools;

/// <summary>A pool's test, with upstreams on real sockets.</summary>
public sealed class PoolTestTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string Key = "sk-upstream-credential";
    private const string Secret = "the-upstream-says-this";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_endpoint_answers_with_a_word_its_status_and_how_many_models_it_lists()
    {
        await using var upstream = await UpstreamAsync();
        var url = upstream.Urls.Single();
        using var http = await control.OperatorAsync();
        var closed = FreePorts.Take(1)[0].ToString(CultureInfo.InvariantCulture);
        string[] urls =
        [
            $"{url}/good", $"{url}/models-of-another-shape", $"{url}/forbidden", $"{url}/broken", $"{url}/elsewhere",
            $"http://127.0.0.1:{closed}", "http://nobody.invalid", url.Replace("http:", "https:", StringComparison.Ordinal),
        ];
        var pool = await http.PoolAsync(TenantId.Platform, Pool(Guid.NewGuid().ToString("N"), urls) with { ProviderKey = Key });

        var (test, text) = await TestAsync(http, TenantId.Platform, pool.Id);

        test.Endpoints.Select(e => e.Id).ShouldBe(pool.Endpoints.Select(e => e.Id));
        test.Endpoints.Select(e => (e.Kind, e.Status)).ShouldBe(
        [
            ("ok", 200), ("ok", 200), ("unauthorized", 403), ("http_error", 500), ("redirect", 302), ("connect", null), ("dns", null), ("tls", null),
        ]);
        test.Endpoints.Select(e => e.Models).ShouldBe([3, 0, 0, 0, 0, 0, 0, 0]);
        test.Endpoints.ShouldAllBe(e => e.Reachable == (e.Status != null));
        test.Endpoints.ShouldAllBe(e => e.Milliseconds >= 0 && e.Milliseconds < 10_000);
        text.ShouldNotContain(Secret);
        text.ShouldNotContain("127.0.0.1");
        text.ShouldNotContain(Key);
        text.ShouldNotContain("llama");
        (await control.ActionsAsync(TenantId.Platform, pool.Id.ToString())).ShouldBe(["pool.create", "pool.test"]);
    }

    [Fact]
    public async Task Anthropics_key_goes_in_its_own_header()
    {
        await using var upstream = await UpstreamAsync();
        using var http = await control.OperatorAsync();
        var request = Pool(Guid.NewGuid().ToString("N"), $"{upstream.Urls.Single()}/anthropic") with { Engine = "anthropic", ProviderKey = Key };
        var pool = await http.PoolAsync(TenantId.Platform, request);

        var (test, _) = await TestAsync(http, TenantId.Platform, pool.Id);

        test.Endpoints.Single().Kind.ShouldBe("ok");
    }

    [Fact]
    public async Task At_most_ten_endpoints_are_tried_at_once_and_one_that_hangs_is_left_after_five_seconds()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var http = await control.OperatorAsync();
        var url = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}";
        var pool = await http.PoolAsync(TenantId.Platform, Pool(Guid.NewGuid().ToString("N"), [.. Enumerable.Repeat(url, 12)]));

        var (test, _) = await TestAsync(http, TenantId.Platform, pool.Id);

        test.Endpoints.Count.ShouldBe(10);
        test.Endpoints.ShouldAllBe(e => e.Kind == "timeout" && e.Status == null && e.Milliseconds >= 4_900 && e.Milliseconds < 15_000);
    }

    [Fact]
    public async Task A_tenants_pool_is_not_reached_where_its_address_turned_private()
    {
        await using var upstream = await UpstreamAsync();
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant, Pool("p", "https://models.example.com", "https://other.example.com") with { ProviderKey = Key });
        await control.Database.InTenantAsync(
            tenant,
            (db, ct) => db.Endpoints.Where(e => e.Id == pool.Endpoints[0].Id).ExecuteUpdateAsync(s => s.SetProperty(e => e.Url, upstream.Urls.Single()), ct),
            Cancel);
        await control.Database.InTenantAsync(
            tenant,
            (db, ct) => db.Endpoints.Where(e => e.Id == pool.Endpoints[1].Id)
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.Url, upstream.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal)), ct),
            Cancel);

        var (test, text) = await TestAsync(admin, tenant, pool.Id);

        test.Endpoints.Select(e => (e.Kind, e.Milliseconds)).ShouldBe([("unreachable", 0), ("unreachable", 0)]);
        text.ShouldNotContain("127.0.0.1");
    }

    [Fact]
    public async Task A_tenant_hears_the_same_of_a_name_that_is_not_there_and_of_one_inside_and_an_operator_hears_which()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var pool = await admin.PoolAsync(tenant, Pool("p", "https://models.example.com", "https://other.example.com"));
        foreach (var (id, url) in new[] { (pool.Endpoints[0].Id, "https://nobody.invalid"), (pool.Endpoints[1].Id, "https://localhost:9") })
        {
            await control.Database.InTenantAsync(
                tenant, (db, ct) => db.Endpoints.Where(e => e.Id == id).ExecuteUpdateAsync(s => s.SetProperty(e => e.Url, url), ct), Cancel);
        }

        var (theirs, _) = await TestAsync(admin, tenant, pool.Id);

        theirs.Endpoints.Select(e => (e.Reachable, e.Kind, e.Status, e.Models, e.Milliseconds)).Distinct().ShouldHaveSingleItem().Kind.ShouldBe("unreachable");
        var caller = await control.OperatorWithTokenAsync();
        using var entered = await control.EnterAsync(caller, tenant, raised: true);
        (await TestAsync(entered, tenant, pool.Id)).Test.Endpoints.Select(e => e.Kind).ShouldBe(["dns", "refused_address"]);
    }

    [Fact]
    public async Task A_tenant_has_ten_tests_a_minute_and_a_dry_run_is_none()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (other, neighbour) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant, Pool("p"));
        var theirs = await neighbour.PoolAsync(other, Pool("p"));
        using var tried = await admin.PostAsync(Path(tenant, pool.Id, "/test?dryRun=true"), null, Cancel);
        for (var i = 0; i < 10; i++)
            await TestAsync(admin, tenant, pool.Id);

        using var eleventh = await admin.PostAsync(Path(tenant, pool.Id, "/test"), null, Cancel);

        await eleventh.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, ProblemCodes.TooManyRequests);
        eleventh.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        (await control.ActionsAsync(tenant, pool.Id.ToString())).Count(a => a == "pool.test").ShouldBe(10);
        await TestAsync(neighbour, other, theirs.Id);
    }

    [Fact]
    public async Task A_dry_run_of_a_test_sends_nothing_and_leaves_no_trace()
    {
        var asked = 0;
        await using var upstream = await UpstreamAsync(() => Interlocked.Increment(ref asked));
        using var http = await control.OperatorAsync();
        var pool = await http.PoolAsync(TenantId.Platform, Pool(Guid.NewGuid().ToString("N"), $"{upstream.Urls.Single()}/good"));

        using var answer = await http.PostAsync(Path(TenantId.Platform, pool.Id, "/test?dryRun=true"), null, Cancel);

        (await answer.ShouldBeAsync<DryRunAnswer<PoolTestAnswer>>(HttpStatusCode.OK)).Resource!.Endpoints.ShouldBeEmpty();
        asked.ShouldBe(0);
        (await control.ActionsAsync(TenantId.Platform, pool.Id.ToString())).ShouldBe(["pool.create"]);
    }

    private static async Task<(PoolTestAnswer Test, string Text)> TestAsync(HttpClient http, TenantId tenant, PoolId pool)
    {
        using var answer = await http.PostAsync(Path(tenant, pool, "/test"), null, Cancel);
        return (await answer.ShouldBeAsync<PoolTestAnswer>(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<WebApplication> UpstreamAsync(Action? asked = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(http =>
        {
            asked?.Invoke();
            return Upstream(http).ExecuteAsync(http);
        });
        await app.StartAsync(Cancel);
        return app;
    }

    private static IResult Upstream(HttpContext http)
    {
        var bearer = http.Request.Headers.Authorization == $"Bearer {Key}" || http.Request.Headers.Authorization.Count == 0;
        http.Response.Headers["x-inside"] = Secret;
        return http.Request.Path.Value switch
        {
            "/good/v1/models" when bearer => Results.Json(new { data = new object[] { new { id = "llama" }, new { id = "qwen" }, new { id = "a name with spaces" }, 7 } }),
            "/models-of-another-shape/v1/models" => Results.Text(Secret),
            "/forbidden/v1/models" => Results.Text(Secret, statusCode: 403),
            "/elsewhere/v1/models" => Results.Redirect("/good/v1/models"),
            "/anthropic/v1/models" when http.Request.Headers["x-api-key"] == Key && http.Request.Headers["anthropic-version"] == "2023-06-01"
                && http.Request.Headers.Authorization.Count == 0 => Results.Json(new { data = Array.Empty<object>() }),
            _ => Results.Text(Secret, statusCode: 500),
        };
    }
}
