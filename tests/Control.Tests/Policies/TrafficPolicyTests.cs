using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Limits;

namespace Platform.Control.Tests.Policies;

public sealed class TrafficPolicyTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_never_written_has_version_0_and_agents_get_none()
    {
        var (tenant, admin) = await control.TenantAsync();

        using var read = await admin.GetAsync(Path(tenant), Cancel);

        read.Headers.ETag!.ToString().ShouldBe("\"v0\"");
        (await read.ShouldBeAsync<TrafficPolicyAnswer>(HttpStatusCode.OK)).ShouldBe(new(null, null, 0));
        (await control.DocumentAsync(tenant)).Traffic.ShouldBeNull();
        using var stale = await admin.PutAsync(Path(tenant), new TrafficPolicyRequest(), "\"v1\"");
        using var blind = await admin.PutAsync(Path(tenant), new TrafficPolicyRequest(), "");
        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        await blind.ShouldBeProblemAsync(HttpStatusCode.PreconditionRequired, ProblemCodes.PreconditionRequired);
    }

    [Fact]
    public async Task It_is_replaced_whole_delivered_and_on_record()
    {
        var (tenant, admin) = await control.TenantAsync();
        var request = new TrafficPolicyRequest
        {
            OnDisconnect = "finish",
            ShowGatewayHeaders = false,
            CorsOrigins = ["https://app.example.com", "http://127.0.0.1:8080"],
            IdempotencySeconds = 86_400,
            CacheSeconds = 0,
        };

        var first = await admin.ReplaceAsync<TrafficPolicyAnswer>(Path(tenant), request, "\"v0\"");
        var delivered = (await control.DocumentAsync(tenant)).Traffic!;
        var revision = await control.RevisionAsync(tenant);
        using var tried = await admin.PutAsync(Path(tenant) + "?dryRun=true", new TrafficPolicyRequest { CacheSeconds = 5 });
        (await tried.ShouldBeAsync<DryRunAnswer<TrafficPolicyAnswer>>(HttpStatusCode.OK)).Agents.ShouldHaveSingleItem().Document.ToString()!.ShouldContain("\"cacheSeconds\":5");
        (await control.RevisionAsync(tenant)).ShouldBe(revision);
        var second = await admin.ReplaceAsync<TrafficPolicyAnswer>(Path(tenant), new TrafficPolicyRequest { CorsOrigins = ["*"] }, "\"v1\"");

        (first.Version, second.Version).ShouldBe((1, 2));
        JsonSerializer.Serialize(delivered).ShouldBe(JsonSerializer.Serialize(first.Policy));
        (delivered.OnDisconnect, delivered.ShowGatewayHeaders, delivered.IdempotencySeconds, delivered.CacheSeconds).ShouldBe(("finish", false, 86_400, 0));
        delivered.CorsOrigins.ShouldBe(request.CorsOrigins);
        (second.Policy!.CorsOrigins!.Single(), second.Policy.OnDisconnect, second.Policy.CacheSeconds).ShouldBe(("*", null, null));
        var trail = await control.Database.InTenantAsync(
            tenant, (db, ct) => db.AuditEvents.AsNoTracking().Where(a => a.Action == "traffic-policy.update").OrderBy(a => a.Id).ToListAsync(ct), Cancel);
        trail.Count.ShouldBe(2);
        trail[1].Before!.Value.GetProperty("policy").GetProperty("onDisconnect").GetString().ShouldBe("finish");
        trail[1].After!.Value.GetProperty("version").GetInt64().ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"onDisconnect":"wait","idempotencySeconds":-1,"cacheSeconds":86401}""", "onDisconnect", "idempotencySeconds", "cacheSeconds")]
    [InlineData("""{"corsOrigins":["*","https://a.example"]}""", "corsOrigins[0]")]
    [InlineData("""{"corsOrigins":["https://a.example","https://a.example",null,""]}""", "corsOrigins[1]", "corsOrigins[2]", "corsOrigins[3]")]
    [InlineData("""{"corsOrigins":["https://a.example/","https://A.example","ftp://a.example","https://a.example:443","http://a.example:80"]}""",
        "corsOrigins[0]", "corsOrigins[1]", "corsOrigins[2]", "corsOrigins[3]", "corsOrigins[4]")]
    [InlineData("""{"corsOrigins":["null","a.example","https://u@a.example","https://*.example","https://a.example:0","https://bücher.example","https://127.1"]}""",
        "corsOrigins[0]", "corsOrigins[1]", "corsOrigins[2]", "corsOrigins[3]", "corsOrigins[4]", "corsOrigins[5]", "corsOrigins[6]")]
    public async Task Every_fault_is_named_by_its_path(string body, params string[] paths)
    {
        var (tenant, admin) = await control.TenantAsync();

        using var answer = await admin.SendTextAsync(HttpMethod.Put, Path(tenant), body);

        await answer.ShouldFaultAsync(paths);
    }

    [Theory]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:3000")]
    [InlineData("https://a-b.example.com:8443")]
    [InlineData("https://xn--bcher-kva.example")]
    [InlineData("http://[::1]:8080")]
    public async Task An_origin_is_taken_as_browsers_write_it(string origin)
    {
        var (tenant, admin) = await control.TenantAsync();

        (await admin.ReplaceAsync<TrafficPolicyAnswer>(Path(tenant), new TrafficPolicyRequest { CorsOrigins = [origin] })).Policy!.CorsOrigins.ShouldBe([origin]);
    }

    [Fact]
    public async Task More_than_a_hundred_origins_are_a_fault_and_none_are_not()
    {
        var (tenant, admin) = await control.TenantAsync();
        string[] many = [.. Enumerable.Range(0, 101).Select(i => $"https://a{i}.example")];

        using var tooMany = await admin.PutAsync(Path(tenant), new TrafficPolicyRequest { CorsOrigins = many });
        using var none = await admin.PutAsync(Path(tenant), new TrafficPolicyRequest { CorsOrigins = [] });

        await tooMany.ShouldFaultAsync("corsOrigins");
        none.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_tenants_policy_does_not_exist_and_a_developer_reads_only()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (_, stranger) = await control.TenantAsync();
        using var developer = await control.CallerAsync(tenant: tenant, role: TenantRoles.Developer);
        await admin.ReplaceAsync<TrafficPolicyAnswer>(Path(tenant), new TrafficPolicyRequest { CacheSeconds = 7 });

        using var read = await stranger.GetAsync(Path(tenant), Cancel);
        using var written = await stranger.PutAsync(Path(tenant), new TrafficPolicyRequest());
        using var refused = await developer.PutAsync(Path(tenant), new TrafficPolicyRequest());

        await read.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        await written.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        (await admin.GetAsync<TrafficPolicyAnswer>(Path(tenant))).Policy!.CacheSeconds.ShouldBe(7);
    }

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/traffic-policy";
}
