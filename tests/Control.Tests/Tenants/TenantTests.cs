using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Agents;

namespace Platform.Control.Tests.Tenants;

public sealed class TenantTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operators_list_tenants_sorted_searched_and_by_state()
    {
        using var http = await control.OperatorAsync();
        var mark = "m" + Guid.NewGuid().ToString("N")[..10];
        var made = new List<TenantAnswer>();
        foreach (var name in new[] { "delta", "alpha", "charlie" })
            made.Add(await http.CreateAsync<TenantAnswer>("/api/v1/operator/tenants", new { name = $"{mark} {name}", slug = $"{mark}-{name}" }));
        using var suspended = await http.PostAsync($"{Path(made[1].Id)}/suspend", new { reason = "unpaid" });
        using var closed = await http.PostAsync($"{Path(made[2].Id)}/close", new { slug = made[2].Slug });

        suspended.StatusCode.ShouldBe(HttpStatusCode.OK);
        closed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await NamesAsync(http, $"q={mark}&sort=name&limit=1")).ShouldBe([$"{mark} alpha", $"{mark} delta"]);
        (await NamesAsync(http, $"q={mark}&sort=-slug")).ShouldBe([$"{mark} delta", $"{mark} alpha"]);
        (await NamesAsync(http, $"q={mark}&state=active")).ShouldBe([$"{mark} delta"]);
        (await NamesAsync(http, $"q={mark}&state=suspended")).ShouldBe([$"{mark} alpha"]);
        var gone = await http.GetAsync<Page<TenantAnswer>>("/api/v1/operator/tenants?state=closed&limit=200");
        gone.Items.ShouldContain(t => t.Id == made[2].Id);
        (await http.GetAsync<Page<TenantAnswer>>("/api/v1/tenants?limit=200")).Items.ShouldNotContain(t => t.Id == made[2].Id);
        using var wrong = await http.GetAsync("/api/v1/operator/tenants?state=odd", Cancel);
        await wrong.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
    }

    [Fact]
    public async Task A_creation_is_repeated_under_its_idempotency_key()
    {
        using var http = await control.OperatorAsync();
        var slug = "t" + Guid.NewGuid().ToString("N")[..20];

        using var first = await PostAsync(http, "/api/v1/tenants", "make", new { name = "One", slug });
        using var again = await PostAsync(http, "/api/v1/tenants", "make", new { name = "One", slug });
        using var taken = await http.PostAsync("/api/v1/tenants", new { name = "Two", slug });
        using var group = await http.PostAsync("/api/v1/tenants", new { name = "Two", slug = slug + "x", group = "nowhere" });

        var made = await first.ShouldBeAsync<TenantAnswer>(HttpStatusCode.Created);
        (await again.ShouldBeAsync<TenantAnswer>(HttpStatusCode.Created)).ShouldBe(made);
        await taken.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.NameTaken);
        (await group.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.GroupUnknown)).GetProperty("errors").TryGetProperty("group", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_tenant_that_moves_takes_its_pools_keys_and_documents_along()
    {
        using var http = await control.OperatorAsync();
        var group = "g" + Guid.NewGuid().ToString("N")[..10];
        await http.CreateAsync<AgentGroupAnswer>("/api/v1/agent-groups", new { name = group });
        using var here = await EnrolledAgent.EnrolAsync(control);
        using var there = await EnrolledAgent.EnrolAsync(control, group);
        var (tenant, admin) = await control.TenantAsync();
        await FilledTenant.FillAsync(admin, tenant);

        using var stale = await PutAsync(http, Path(tenant), "\"v7\"", new { name = "Moved", slug = "moved-" + group, group });
        using var moved = await PutAsync(http, Path(tenant), "\"v1\"", new { name = "Moved", slug = "moved-" + group, group });

        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        (await moved.ShouldBeAsync<TenantAnswer>(HttpStatusCode.OK)).ShouldSatisfyAllConditions(t => t.Group.Value.ShouldBe(group), t => t.Version.ShouldBe(2));
        (await here.CatchUpAsync()).Resources.ShouldNotContain(r => r.TenantId == tenant);
        (await there.CatchUpAsync()).Resources.Where(r => r.TenantId == tenant).Select(r => r.Kind).Order()
            .ShouldBe([ConfigKinds.KeyShard, ConfigKinds.Pool, ConfigKinds.Tenant]);
    }

    [Fact]
    public async Task A_suspension_is_in_the_tenants_document_until_it_ends()
    {
        using var http = await control.OperatorAsync();
        using var agent = await EnrolledAgent.EnrolAsync(control);
        var (tenant, _) = await control.TenantAsync();

        using var suspended = await http.PostAsync($"{Path(tenant)}/suspend", new { endsStreams = true, reason = "unpaid" });
        var during = await DocumentAsync(agent, tenant);
        using var resumed = await http.PostAsync<object?>($"{Path(tenant)}/resume", null);
        var after = await DocumentAsync(agent, tenant);

        (await suspended.ShouldBeAsync<TenantAnswer>(HttpStatusCode.OK)).ShouldSatisfyAllConditions(t => t.Suspended.ShouldBeTrue(), t => t.EndsStreams.ShouldBeTrue());
        (await resumed.ShouldBeAsync<TenantAnswer>(HttpStatusCode.OK)).Suspended.ShouldBeFalse();
        during.ShouldSatisfyAllConditions(d => d.Suspended.ShouldBeTrue(), d => d.EndsStreams.ShouldBeTrue());
        after.ShouldSatisfyAllConditions(d => d.Suspended.ShouldBeFalse(), d => d.EndsStreams.ShouldBeFalse());
        var trail = await control.Database.InTenantAsync(
            tenant, (db, ct) => db.AuditEvents.Where(e => e.Action == "tenant.suspend").SingleAsync(ct), Cancel);
        trail.Details!.Value.GetProperty("reason").GetString().ShouldBe("unpaid");
        trail.After!.Value.GetProperty("suspended").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_tenant_changes_its_name_and_nothing_else()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var read = await admin.GetAsync($"/api/v1/tenants/{tenant}", Cancel);

        using var renamed = await PutAsync(admin, $"/api/v1/tenants/{tenant}", read.Headers.ETag!.ToString(), new { name = "New name" });
        using var slug = await PutAsync(admin, $"/api/v1/tenants/{tenant}", "*", new { name = "New name", slug = "mine" });

        (await renamed.ShouldBeAsync<TenantAnswer>(HttpStatusCode.OK)).Name.ShouldBe("New name");
        slug.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_reserved_tenant_is_nobodys_to_change()
    {
        using var http = await control.OperatorAsync();

        using var suspended = await http.PostAsync($"{Path(TenantId.Platform)}/suspend", new { reason = "no" });
        using var closed = await http.PostAsync($"{Path(TenantId.Platform)}/close", new { slug = "platform" });
        using var itself = await http.PostAsync($"/api/v1/tenants/{TenantId.Platform}/close", new { slug = "platform" });

        foreach (var answer in new[] { suspended, closed, itself })
            await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    private static string Path(TenantId tenant) => $"/api/v1/operator/tenants/{tenant}";

    private static async Task<TenantDocument> DocumentAsync(EnrolledAgent agent, TenantId tenant)
    {
        var resource = (await agent.CatchUpAsync()).Resources.Single(r => r.Kind == ConfigKinds.Tenant && r.Key == tenant.ToString());
        return System.Text.Json.JsonSerializer.Deserialize(resource.Document!.Value, Contracts.Json.WireJson.Default.TenantDocument)!;
    }

    private static async Task<List<string>> NamesAsync(HttpClient http, string query)
    {
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await http.GetAsync<Page<TenantAnswer>>($"/api/v1/operator/tenants?{query}{(cursor is null ? "" : $"&cursor={cursor}")}");
            names.AddRange(page.Items.Select(t => t.Name));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return names;
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, string path, string tag, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        return http.SendAsync(request, Cancel);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string path, string key, object body) =>
        http.SendAsync(new(HttpMethod.Post, path) { Headers = { { "Idempotency-Key", key } }, Content = JsonContent.Create(body) }, Cancel);
}
