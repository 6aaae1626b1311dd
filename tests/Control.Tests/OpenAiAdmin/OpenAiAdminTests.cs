using System.Net;
using System.Text.Json;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Members;

namespace Platform.Control.Tests.OpenAiAdmin;

/// <summary>What tools for OpenAI's organization API meet here.</summary>
public sealed class OpenAiAdminTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string Root = "/v1/organization";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Projects_are_made_listed_in_pages_changed_and_archived_with_their_keys()
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = new List<JsonElement>();
        for (var i = 0; i < 3; i++)
            made.Add(await PostAsync(admin, $"{Root}/projects", new { name = $"p{i}" }));
        var id = made[0].GetProperty("id").GetString()!;
        await KeyAsync(admin, tenant, id);

        var first = await admin.GetAsync<JsonElement>($"{Root}/projects?limit=2");
        var second = await admin.GetAsync<JsonElement>($"{Root}/projects?limit=2&after={first.GetProperty("last_id").GetString()}");
        var renamed = await PostAsync(admin, $"{Root}/projects/{id}", new { name = "renamed" });
        var archived = await PostAsync(admin, $"{Root}/projects/{id}/archive", null);

        made[0].GetProperty("object").GetString().ShouldBe("organization.project");
        made[0].GetProperty("status").GetString().ShouldBe("active");
        made[0].GetProperty("archived_at").ValueKind.ShouldBe(JsonValueKind.Null);
        made[0].GetProperty("created_at").GetInt64().ShouldBeInRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        first.GetProperty("object").GetString().ShouldBe("list");
        first.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        Ids(first).Concat(Ids(second)).ShouldBe(made.Select(m => m.GetProperty("id").GetString()!));
        second.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        renamed.GetProperty("name").GetString().ShouldBe("renamed");
        archived.GetProperty("status").GetString().ShouldBe("archived");
        Ids(await admin.GetAsync<JsonElement>($"{Root}/projects")).ShouldNotContain(id);
        Ids(await admin.GetAsync<JsonElement>($"{Root}/projects?include_archived=true")).ShouldContain(id);
        (await admin.GetAsync<Page<ApiKeyAnswer>>($"/api/v1/tenants/{tenant}/api-keys")).Items.ShouldAllBe(k => k.RevokedAt != null);
        (await admin.GetAsync<Page<ProjectAnswer>>($"/api/v1/tenants/{tenant}/projects")).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_projects_keys_are_listed_without_their_secret_and_revoked()
    {
        var (tenant, _) = await control.TenantAsync();
        using var owner = await Person.NewAsync(control, tenant, TenantRoles.Owner);
        var project = (await PostAsync(owner.Http, $"{Root}/projects", new { name = "p" })).GetProperty("id").GetString()!;
        var key = await KeyAsync(owner.Http, tenant, project);

        var list = await owner.Http.GetAsync<JsonElement>($"{Root}/projects/{project}/api_keys");
        var one = await owner.Http.GetAsync<JsonElement>($"{Root}/projects/{project}/api_keys/{key.ApiKey.Id}");
        using var deleted = await owner.Http.DeleteAsync($"{Root}/projects/{project}/api_keys/{key.ApiKey.Id}", Cancel);
        using var gone = await owner.Http.GetAsync($"{Root}/projects/{project}/api_keys/{key.ApiKey.Id}", Cancel);

        var listed = list.GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        listed.ToString().ShouldBe(one.ToString());
        one.GetProperty("object").GetString().ShouldBe("organization.project.api_key");
        one.GetProperty("redacted_value").GetString()!.ShouldStartWith(key.ApiKey.Prefix.ToString());
        one.ToString().ShouldNotContain(key.Key![ApiKeyFormat.PrefixLength..]);
        one.GetProperty("last_used_at").ValueKind.ShouldBe(JsonValueKind.Null);
        one.GetProperty("owner_project_access").GetString().ShouldBe("active");
        one.GetProperty("owner").GetProperty("type").GetString().ShouldBe("user");
        one.GetProperty("owner").GetProperty("user").GetProperty("email").GetString().ShouldBe(owner.Email);
        one.GetProperty("owner").GetProperty("user").GetProperty("role").GetString().ShouldBe("owner");
        var answer = await deleted.ShouldBeAsync<JsonElement>(HttpStatusCode.OK);
        answer.GetProperty("object").GetString().ShouldBe("organization.project.api_key.deleted");
        answer.GetProperty("deleted").GetBoolean().ShouldBeTrue();
        (await gone.ShouldBeAsync<OpenAiErrorAnswer>(HttpStatusCode.NotFound)).Error.Code.ShouldBe(ProblemCodes.NotFound);
    }

    [Fact]
    public async Task The_audit_trail_has_OpenAIs_names_filters_and_pages()
    {
        var (tenant, _) = await control.TenantAsync();
        using var owner = await Person.NewAsync(control, tenant, TenantRoles.Owner);
        var started = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var project = (await PostAsync(owner.Http, $"{Root}/projects", new { name = "p" })).GetProperty("id").GetString()!;
        var other = (await PostAsync(owner.Http, $"{Root}/projects", new { name = "q" })).GetProperty("id").GetString()!;
        var key = await KeyAsync(owner.Http, tenant, project);
        using var deleted = await owner.Http.DeleteAsync($"{Root}/projects/{project}/api_keys/{key.ApiKey.Id}", Cancel);

        var all = await owner.Http.GetAsync<JsonElement>($"{Root}/audit_logs");

        Types(all).ShouldBe(["api_key.deleted", "api_key.created", "project.created", "project.created", "tenant.create"]);
        var first = all.GetProperty("data")[3];
        first.GetProperty("project.created").GetProperty("id").GetString().ShouldBe(project);
        first.GetProperty("project.created").GetProperty("data").GetProperty("name").GetString().ShouldBe("p");
        first.GetProperty("project").GetProperty("id").GetString().ShouldBe(project);
        first.GetProperty("effective_at").GetInt64().ShouldBeGreaterThanOrEqualTo(started);
        first.GetProperty("actor").GetProperty("type").GetString().ShouldBe("session");
        first.GetProperty("actor").GetProperty("session").GetProperty("user").GetProperty("email").GetString().ShouldBe(owner.Email);
        Types(await LogsAsync(owner, "event_types[]=project.created&event_types[]=api_key.deleted")).ShouldBe(["api_key.deleted", "project.created", "project.created"]);
        Types(await LogsAsync(owner, $"project_ids[]={other}")).ShouldBe(["project.created"]);
        Types(await LogsAsync(owner, $"resource_ids[]={key.ApiKey.Id}")).ShouldBe(["api_key.deleted", "api_key.created"]);
        Types(await LogsAsync(owner, $"actor_ids[]={owner.Principal}")).Count.ShouldBe(4);
        Types(await LogsAsync(owner, $"actor_emails[]={Uri.EscapeDataString(owner.Email)}")).Count.ShouldBe(4);
        Types(await LogsAsync(owner, $"effective_at[gt]={started + 3600}")).ShouldBeEmpty();
        Types(await LogsAsync(owner, $"effective_at[lt]={started - 3600}")).ShouldBeEmpty();
        Types(await LogsAsync(owner, $"effective_at[gte]={started - 60}&effective_at[lte]={started + 60}")).Count.ShouldBe(5);
        var page = await LogsAsync(owner, $"limit=2&after={all.GetProperty("data")[0].GetProperty("id").GetString()}");
        Types(page).ShouldBe(["api_key.created", "project.created"]);
        page.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        Types(await LogsAsync(owner, $"limit=2&before={all.GetProperty("data")[2].GetProperty("id").GetString()}")).ShouldBe(["api_key.deleted", "api_key.created"]);
    }

    [Fact]
    public async Task A_caller_of_several_tenants_says_which_one_by_id_or_slug()
    {
        var (one, _) = await control.TenantAsync();
        var (two, admin) = await control.TenantAsync();
        var slug = (await admin.GetAsync<TenantAnswer>($"/api/v1/tenants/{two}")).Slug;
        using var person = await Person.NewAsync(control, one, TenantRoles.Admin);
        await PersonInAsync(person, two);

        using var open = await person.Http.GetAsync($"{Root}/projects", Cancel);
        using var byId = await InAsync(person.Http, one.ToString());
        using var bySlug = await InAsync(person.Http, slug);
        using var others = await InAsync(admin, one.ToString());
        using var unknown = await InAsync(person.Http, "nobody");

        (await open.ShouldBeAsync<OpenAiErrorAnswer>(HttpStatusCode.NotFound)).Error.Message.ShouldContain("OpenAI-Organization");
        byId.StatusCode.ShouldBe(HttpStatusCode.OK);
        bySlug.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var refused in new[] { others, unknown })
            (await refused.ShouldBeAsync<OpenAiErrorAnswer>(HttpStatusCode.NotFound)).Error.Code.ShouldBe(ProblemCodes.NotFound);
    }

    [Fact]
    public async Task Failures_are_in_OpenAIs_shape()
    {
        var (_, admin) = await control.TenantAsync();
        using var anonymous = control.Anonymous();

        using var nobody = await anonymous.GetAsync($"{Root}/projects", Cancel);
        using var empty = await admin.PostAsync($"{Root}/projects", new { name = "" });
        using var broken = await admin.PostAsync($"{Root}/projects", new StringContent("{", System.Text.Encoding.UTF8, "application/json"), Cancel);
        using var limit = await admin.GetAsync($"{Root}/projects?limit=1000", Cancel);
        await PostAsync(admin, $"{Root}/projects", new { name = "taken" });
        using var taken = await admin.PostAsync($"{Root}/projects", new { name = "taken" });

        (await nobody.ShouldBeAsync<OpenAiErrorAnswer>(HttpStatusCode.Unauthorized)).Error.Type.ShouldBe("authentication_error");
        (await empty.ShouldBeAsync<OpenAiErrorAnswer>(HttpStatusCode.BadRequest)).Error.ShouldSatisfyAllConditions(e => e.Param.ShouldBe("name"), e => e.Type.ShouldBe("invalid_request_error"));
        (await broken.ShouldBeAsync<OpenAiErrorAnswer>(HttpStatusCode.BadRequest)).Error.Code.ShouldBe(ProblemCodes.MalformedRequest);
        (await limit.ShouldBeAsync<OpenAiErrorAnswer>(HttpStatusCode.BadRequest)).Error.Param.ShouldBe("limit");
        (await taken.ShouldBeAsync<OpenAiErrorAnswer>(HttpStatusCode.Conflict)).Error.Code.ShouldBe(ProblemCodes.NameTaken);
        taken.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
    }

    private static List<string> Ids(JsonElement list) => [.. list.GetProperty("data").EnumerateArray().Select(p => p.GetProperty("id").GetString()!)];

    private static List<string> Types(JsonElement list) => [.. list.GetProperty("data").EnumerateArray().Select(p => p.GetProperty("type").GetString()!)];

    private static Task<JsonElement> LogsAsync(Person person, string query) => person.Http.GetAsync<JsonElement>($"{Root}/audit_logs?{query}");

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object? body)
    {
        using var answer = await http.PostAsync(path, body);
        return await answer.ShouldBeAsync<JsonElement>(HttpStatusCode.OK);
    }

    private static Task<CreatedApiKeyAnswer> KeyAsync(HttpClient http, TenantId tenant, string project) =>
        http.CreateAsync<CreatedApiKeyAnswer>($"/api/v1/tenants/{tenant}/api-keys", new CreateApiKeyRequest { Name = "k", ProjectId = ProjectId.Parse(project) });

    private static Task<HttpResponseMessage> InAsync(HttpClient http, string organization) =>
        http.SendAsync(new(HttpMethod.Get, $"{Root}/projects") { Headers = { { "OpenAI-Organization", organization } } }, Cancel);

    private Task<int> PersonInAsync(Person person, TenantId tenant) => control.Database.InPlatformAsync(
        (db, ct) =>
        {
            db.Memberships.Add(new() { TenantId = tenant, Principal = person.Principal, Role = TenantRoles.Developer, CreatedAt = DateTimeOffset.UtcNow });
            return db.SaveChangesAsync(ct);
        },
        Cancel);
}
