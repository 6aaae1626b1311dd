using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Api;

/// <summary>What every resource has: versions, idempotency keys, dry runs, the trail of its changes. Shown on projects and keys.</summary>
public sealed class WriteTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resource_is_replaced_on_the_version_that_was_read_and_a_lost_race_is_412()
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = await admin.CreateAsync<ProjectAnswer>(Path(tenant), new ProjectRequest { Name = "one" });
        using var read = await admin.GetAsync($"{Path(tenant)}/{made.Id}", Cancel);
        var tag = read.Headers.ETag!.ToString();

        using var first = await PutAsync(admin, tenant, made.Id, tag, "two");
        using var second = await PutAsync(admin, tenant, made.Id, tag, "three");
        using var blind = await PutAsync(admin, tenant, made.Id, null, "four");
        using var any = await PutAsync(admin, tenant, made.Id, "*", "five");

        (await first.ShouldBeAsync<ProjectAnswer>(HttpStatusCode.OK)).Version.ShouldBe(2);
        first.Headers.ETag!.ToString().ShouldBe("\"v2\"");
        await second.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        await blind.ShouldBeProblemAsync(HttpStatusCode.PreconditionRequired, ProblemCodes.PreconditionRequired);
        (await any.ShouldBeAsync<ProjectAnswer>(HttpStatusCode.OK)).Name.ShouldBe("five");
    }

    [Fact]
    public async Task Of_many_that_change_one_version_at_once_one_wins()
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = await admin.CreateAsync<ProjectAnswer>(Path(tenant), new ProjectRequest { Name = "raced" });

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => PutAsync(admin, tenant, made.Id, "\"v1\"", $"racer {i}")));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(11);
        var winner = await answers.Single(a => a.StatusCode == HttpStatusCode.OK).ShouldBeAsync<ProjectAnswer>(HttpStatusCode.OK);
        (await admin.GetAsync<ProjectAnswer>($"{Path(tenant)}/{made.Id}")).ShouldBe(winner);
    }

    [Fact]
    public async Task What_the_caller_has_already_is_not_sent_again()
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = await admin.CreateAsync<ProjectAnswer>(Path(tenant), new ProjectRequest { Name = "p" });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Path(tenant)}/{made.Id}") { Headers = { IfNoneMatch = { new("\"v1\"") } } };

        using var answer = await admin.SendAsync(request, Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_request_with_an_idempotency_key_is_done_once_also_when_it_comes_many_times_at_once()
    {
        var (tenant, admin) = await control.TenantAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(admin, Path(tenant), "once", new ProjectRequest { Name = "p" })));

        var made = new List<ProjectAnswer>();
        foreach (var answer in answers)
            made.Add(await answer.ShouldBeAsync<ProjectAnswer>(HttpStatusCode.Created));
        made.Distinct().Count().ShouldBe(1);
        answers.Count(a => a.Headers.Contains("Idempotency-Replayed")).ShouldBe(7);
        answers.ShouldAllBe(a => a.Headers.Location != null && a.Headers.ETag != null);
        (await admin.GetAsync<Page<ProjectAnswer>>(Path(tenant))).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_replay_of_a_creation_that_showed_a_secret_shows_it_no_more()
    {
        var (tenant, admin) = await control.TenantAsync();
        var project = await admin.CreateAsync<ProjectAnswer>(Path(tenant), new ProjectRequest { Name = "p" });
        var body = new CreateApiKeyRequest { Name = "k", ProjectId = project.Id };

        using var first = await PostAsync(admin, $"/api/v1/tenants/{tenant}/api-keys", "key-1", body);
        using var again = await PostAsync(admin, $"/api/v1/tenants/{tenant}/api-keys", "key-1", body);

        var made = await first.ShouldBeAsync<CreatedApiKeyAnswer>(HttpStatusCode.Created);
        var replayed = await again.ShouldBeAsync<CreatedApiKeyAnswer>(HttpStatusCode.Created);
        made.Key.ShouldNotBeNull();
        made.Replayed.ShouldBeFalse();
        replayed.Key.ShouldBeNull();
        replayed.Replayed.ShouldBeTrue();
        replayed.ApiKey.Id.ShouldBe(made.ApiKey.Id);
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_request_is_refused_and_belongs_to_one_principal()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var other = await control.CallerAsync(tenant: tenant, role: TenantRoles.Developer);

        using var first = await PostAsync(admin, Path(tenant), "mine", new ProjectRequest { Name = "one" });
        using var reused = await PostAsync(admin, Path(tenant), "mine", new ProjectRequest { Name = "two" });
        using var others = await PostAsync(other, Path(tenant), "mine", new ProjectRequest { Name = "three" });
        using var bad = await PostAsync(admin, Path(tenant), "not good", new ProjectRequest { Name = "four" });

        await first.ShouldBeAsync<ProjectAnswer>(HttpStatusCode.Created);
        await reused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.IdempotencyKeyReused);
        await others.ShouldBeAsync<ProjectAnswer>(HttpStatusCode.Created);
        await bad.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
    }

    [Fact]
    public async Task A_failed_request_leaves_its_idempotency_key_free()
    {
        var (tenant, admin) = await control.TenantAsync();
        await admin.CreateAsync<ProjectAnswer>(Path(tenant), new ProjectRequest { Name = "taken" });

        using var refused = await PostAsync(admin, Path(tenant), "again", new ProjectRequest { Name = "taken" });
        using var made = await PostAsync(admin, Path(tenant), "again", new ProjectRequest { Name = "free" });

        await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.NameTaken);
        await made.ShouldBeAsync<ProjectAnswer>(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_dry_run_shows_what_agents_would_get_and_changes_nothing()
    {
        var (tenant, admin) = await control.TenantAsync();
        var project = await admin.CreateAsync<ProjectAnswer>(Path(tenant), new ProjectRequest { Name = "p" });
        var before = await HeadAsync();

        using var answer = await admin.PostAsync($"/api/v1/tenants/{tenant}/api-keys?dryRun=true", new CreateApiKeyRequest { Name = "tried", ProjectId = project.Id });

        var tried = await answer.ShouldBeAsync<DryRunAnswer<JsonElement>>(HttpStatusCode.OK);
        tried.Resource.GetProperty("apiKey").GetProperty("name").GetString().ShouldBe("tried");
        var document = tried.Agents.ShouldHaveSingleItem();
        document.Kind.ShouldBe(ConfigKinds.KeyShard);
        document.Document!.Value.GetProperty("keys")[0].GetProperty("hash").GetString().ShouldBe("(sealed)");
        (await HeadAsync()).ShouldBe(before);
        (await admin.GetAsync<Page<ApiKeyAnswer>>($"/api/v1/tenants/{tenant}/api-keys")).Items.ShouldBeEmpty();
        tried.Resource.GetProperty("key").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_deleted_thing_is_gone_its_name_is_free_and_the_trail_has_it_all()
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = await admin.CreateAsync<ProjectAnswer>(Path(tenant), new ProjectRequest { Name = "p" });
        using var changed = await PutAsync(admin, tenant, made.Id, "\"v1\"", "q");
        using var stale = await DeleteAsync(admin, tenant, made.Id, "\"v1\"");

        using var deleted = await DeleteAsync(admin, tenant, made.Id, "\"v2\"");

        stale.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await admin.GetAsync($"{Path(tenant)}/{made.Id}", Cancel);
        await gone.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        await admin.CreateAsync<ProjectAnswer>(Path(tenant), new ProjectRequest { Name = "q" });
        var trail = await control.Database.InTenantAsync(
            tenant, (db, ct) => db.AuditEvents.Where(a => a.TenantId == tenant && a.Target == made.Id.ToString()).OrderBy(a => a.Id).ToListAsync(ct), Cancel);
        trail.Select(a => a.Action).ShouldBe(["project.create", "project.update", "project.delete"]);
        trail[1].Before!.Value.GetProperty("name").GetString().ShouldBe("p");
        trail[1].After!.Value.GetProperty("name").GetString().ShouldBe("q");
        trail.ShouldAllBe(a => a.ActorKind == ActorKinds.Client && a.Address != null && a.Outcome == AuditOutcomes.Success);
    }

    [Fact]
    public async Task A_list_is_sorted_searched_and_paged_by_key()
    {
        var (tenant, admin) = await control.TenantAsync();
        foreach (var name in new[] { "delta", "alpha", "charlie", "bravo", "100%_sure" })
            await admin.CreateAsync<ProjectAnswer>(Path(tenant), new ProjectRequest { Name = name });

        (await NamesAsync(admin, tenant, "sort=name&limit=2")).ShouldBe(["100%_sure", "alpha", "bravo", "charlie", "delta"]);
        (await NamesAsync(admin, tenant, "sort=-name&limit=2")).ShouldBe(["delta", "charlie", "bravo", "alpha", "100%_sure"]);
        (await NamesAsync(admin, tenant, "sort=-createdAt&limit=2")).ShouldBe(["100%_sure", "bravo", "charlie", "alpha", "delta"]);
        (await NamesAsync(admin, tenant, "limit=3")).ShouldBe(["delta", "alpha", "charlie", "bravo", "100%_sure"]);
        (await NamesAsync(admin, tenant, "q=HA")).ShouldBe(["alpha", "charlie"]);
        (await NamesAsync(admin, tenant, "q=%25_")).ShouldBe(["100%_sure"]);
        using var unknown = await admin.GetAsync($"{Path(tenant)}?sort=secret", Cancel);
        await unknown.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
    }

    private static async Task<List<string>> NamesAsync(HttpClient http, TenantId tenant, string query)
    {
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await http.GetAsync<Page<ProjectAnswer>>($"{Path(tenant)}?{query}{(cursor is null ? "" : $"&cursor={cursor}")}");
            names.AddRange(page.Items.Select(p => p.Name));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return names;
    }

    private Task<long> HeadAsync() =>
        control.Database.InPlatformAsync((db, ct) => db.ConfigHeads.Select(h => h.Revision).SingleAsync(ct), Cancel);

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/projects";

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, TenantId tenant, ProjectId id, string? tag, string name)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"{Path(tenant)}/{id}") { Content = JsonContent.Create(new ProjectRequest { Name = name }) };
        if (tag is not null)
            request.Headers.Add("If-Match", tag);
        return http.SendAsync(request, Cancel);
    }

    private static Task<HttpResponseMessage> DeleteAsync(HttpClient http, TenantId tenant, ProjectId id, string tag) =>
        http.SendAsync(new(HttpMethod.Delete, $"{Path(tenant)}/{id}") { Headers = { IfMatch = { EntityTagHeaderValue.Parse(tag) } } }, Cancel);

    private static Task<HttpResponseMessage> PostAsync<T>(HttpClient http, string path, string key, T body) =>
        http.SendAsync(new(HttpMethod.Post, path) { Headers = { { "Idempotency-Key", key } }, Content = JsonContent.Create(body) }, Cancel);
}
