using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Members;

namespace Platform.Control.Tests.Audit;

public sealed class AuditTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trail_is_read_newest_first_in_pages_and_by_filters()
    {
        var (tenant, admin) = await control.TenantAsync();
        var started = DateTimeOffset.UtcNow.AddSeconds(-1);
        var projects = new List<ProjectAnswer>();
        for (var i = 0; i < 5; i++)
            projects.Add(await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new { name = $"p{i}" }));
        using var deleted = await admin.DeleteAsync($"/api/v1/tenants/{tenant}/projects/{projects[0].Id}", Cancel);

        var all = await EventsAsync(admin, tenant, "limit=2");

        all.Count.ShouldBe(7);
        all.Select(e => e.At).ShouldBe(all.Select(e => e.At).OrderDescending());
        all[0].Action.ShouldBe("project.delete");
        all[0].Before!.Value.GetProperty("name").GetString().ShouldBe("p0");
        all[0].TenantId.ShouldBe(tenant);
        all[^1].Action.ShouldBe("tenant.create");
        (await EventsAsync(admin, tenant, "action=project.create")).Count.ShouldBe(5);
        (await EventsAsync(admin, tenant, "action=project.")).Count.ShouldBe(6);
        (await EventsAsync(admin, tenant, $"target={projects[0].Id}")).Count.ShouldBe(2);
        (await EventsAsync(admin, tenant, $"actor={all[0].Actor}")).Count.ShouldBe(6);
        (await EventsAsync(admin, tenant, "outcome=denied")).ShouldBeEmpty();
        (await EventsAsync(admin, tenant, $"from={Uri.EscapeDataString(started.ToString("O"))}&sort=createdAt"))[0].Action.ShouldBe("tenant.create");
        (await EventsAsync(admin, tenant, $"to={Uri.EscapeDataString(started.ToString("O"))}")).ShouldBeEmpty();
        using var wrong = await admin.GetAsync($"{Path(tenant)}?outcome=maybe", Cancel);
        await wrong.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
    }

    [Fact]
    public async Task A_trail_is_exported_as_csv_with_formulas_defused_and_as_json_lines()
    {
        var (tenant, admin) = await control.TenantAsync();
        await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new { name = "p" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/tenants/{tenant}/projects")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { name = "q" }),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "=cmd()");
        using var made = await admin.SendAsync(request, Cancel);
        made.StatusCode.ShouldBe(HttpStatusCode.Created);

        using var csv = await admin.GetAsync($"{Path(tenant)}/export?format=csv&action=project.", Cancel);
        using var lines = await admin.GetAsync($"{Path(tenant)}/export?format=jsonl", Cancel);
        using var other = await admin.GetAsync($"{Path(tenant)}/export?format=xlsx", Cancel);

        csv.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var rows = (await csv.Content.ReadAsStringAsync(Cancel)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        rows.Length.ShouldBe(3);
        rows[0].ShouldStartWith("id,tenant_id,at,actor,");
        rows[1].ShouldContain("'=cmd()");
        rows[1].ShouldContain("project.create");
        var events = (await lines.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonSerializer.Deserialize<AuditEventAnswer>(l, JsonSerializerOptions.Web)!).ToList();
        events.Select(e => e.Action).ShouldBe(["project.create", "project.create", "tenant.create"]);
        events[0].After!.Value.GetProperty("name").GetString().ShouldBe("q");
        await other.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
    }

    [Fact]
    public async Task An_operator_reads_the_platforms_trail_and_any_tenants()
    {
        using var http = await control.OperatorAsync();
        var (tenant, _) = await control.TenantAsync();

        var own = await http.GetAsync<Page<AuditEventAnswer>>("/api/v1/operator/audit-events?action=signing-key.create");
        var theirs = await http.GetAsync<Page<AuditEventAnswer>>($"/api/v1/operator/audit-events?tenantId={tenant}");
        var file = await http.GetStringAsync($"/api/v1/operator/audit-events/export?tenantId={tenant}", Cancel);

        own.Items.ShouldHaveSingleItem().TenantId.ShouldBe(TenantId.Platform);
        theirs.Items.ShouldHaveSingleItem().Action.ShouldBe("tenant.create");
        file.ShouldContain(tenant.ToString());
    }

    [Fact]
    public async Task A_refused_call_is_in_the_trail_of_the_tenant_that_knows_the_caller_once_a_minute()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var billing = await control.CallerAsync(tenant: tenant, role: TenantRoles.Billing);
        for (var i = 0; i < 3; i++)
        {
            using var refused = await billing.GetAsync($"/api/v1/tenants/{tenant}/projects", Cancel);
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
        using var another = await billing.GetAsync($"/api/v1/tenants/{tenant}/members", Cancel);

        var denials = await DenialsAsync(tenant, count: 2);

        denials.Select(d => d.Target).ShouldBe(["GET /api/v1/tenants/{tenantId}/projects", "GET /api/v1/tenants/{tenantId}/members"], ignoreOrder: true);
        var denial = denials.Single(d => d.Target.EndsWith("projects", StringComparison.Ordinal));
        denial.Outcome.ShouldBe(AuditOutcomes.Denied);
        denial.Details!.Value.GetProperty("right").GetString().ShouldBe("projects.read");
        denial.Address.ShouldNotBeNull();
        (await EventsAsync(admin, tenant, "outcome=denied")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_an_endpoint_refuses_although_the_right_lets_in_is_in_the_trail_too()
    {
        var (tenant, _) = await control.TenantAsync();
        using var admin = await Person.NewAsync(control, tenant, TenantRoles.Admin);
        var members = $"/api/v1/tenants/{tenant}/members";

        using var request = new HttpRequestMessage(HttpMethod.Put, $"{members}/{admin.Principal}") { Content = JsonContent.Create(new MemberRequest { Role = TenantRoles.Owner }) };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var owner = await admin.Http.SendAsync(request, Cancel);
        using var reader = control.With(Person.Token(control, admin.Principal, null, ApiScopes.Read));
        using var left = await reader.DeleteAsync($"{members}/me", Cancel);

        await owner.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        await left.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        var denials = await DenialsAsync(tenant, count: 2, admin.Principal);
        denials.Select(d => d.Target).ShouldBe(["PUT /api/v1/tenants/{tenantId}/members/{principal}", "DELETE /api/v1/tenants/{tenantId}/members/me"], ignoreOrder: true);
        denials.ShouldAllBe(d => d.Outcome == AuditOutcomes.Denied && d.Details!.Value.GetProperty("code").GetString() == ProblemCodes.Forbidden);
    }

    [Fact]
    public async Task A_strangers_call_is_in_the_platforms_trail()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (other, _) = await control.TenantAsync();
        using var stranger = await control.CallerAsync(tenant: other, role: TenantRoles.Owner);
        var principal = (await stranger.GetAsync<MeAnswer>("/api/v1/me")).Subject;

        using var hidden = await stranger.GetAsync($"/api/v1/tenants/{tenant}", Cancel);

        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var denial = (await DenialsAsync(TenantId.Platform, 1, principal)).ShouldHaveSingleItem();
        denial.Details!.Value.GetProperty("tenant").GetString().ShouldBe(tenant.ToString());
        (await EventsAsync(admin, tenant, "outcome=denied")).ShouldBeEmpty();
    }

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/audit-events";

    private static async Task<List<AuditEventAnswer>> EventsAsync(HttpClient http, TenantId tenant, string query)
    {
        var events = new List<AuditEventAnswer>();
        string? cursor = null;
        do
        {
            var page = await http.GetAsync<Page<AuditEventAnswer>>($"{Path(tenant)}?{query}{(cursor is null ? "" : $"&cursor={cursor}")}");
            events.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return events;
    }

    /// <summary>Denials are written beside the answer: they are waited for.</summary>
    private async Task<List<Control.Data.Entities.AuditEventRow>> DenialsAsync(TenantId trail, int count, string? principal = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var found = await control.Database.InPlatformAsync(
                (db, ct) => db.AuditEvents.AsNoTracking()
                    .Where(e => e.TenantId == trail && e.Action == "access.denied" && (principal == null || e.Actor == principal)).ToListAsync(ct), patience.Token);
            if (found.Count >= count)
                return found;
            await Task.Delay(50, patience.Token);
        }
    }
}
