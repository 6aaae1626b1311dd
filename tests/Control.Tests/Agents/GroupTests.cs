using System.Net;
using System.Net.Http.Json;
using Platform.Contracts.Api;

namespace Platform.Control.Tests.Agents;

public sealed class GroupTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_group_is_made_described_and_deleted()
    {
        using var http = await control.OperatorAsync();
        var name = Name();
        var made = await http.CreateAsync<AgentGroupAnswer>("/api/v1/agent-groups", new CreateAgentGroupRequest { Name = name, Description = "one" });

        using var put = await http.SendAsync(
            new(HttpMethod.Put, $"/api/v1/agent-groups/{name}") { Headers = { { "If-Match", "\"v1\"" } }, Content = JsonContent.Create(new UpdateAgentGroupRequest { Description = "two" }) }, Cancel);
        var changed = await put.ShouldBeAsync<AgentGroupAnswer>(HttpStatusCode.OK);

        changed.Description.ShouldBe("two");
        changed.Version.ShouldBe(made.Version + 1);
        (await http.GetAsync<AgentGroupAnswer>($"/api/v1/agent-groups/{name}")).ShouldBe(changed);
        (await http.GetAsync<Page<AgentGroupAnswer>>("/api/v1/agent-groups")).Items.ShouldContain(changed);
        using var deleted = await http.DeleteAsync($"/api/v1/agent-groups/{name}", Cancel);
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await http.GetAsync($"/api/v1/agent-groups/{name}", Cancel);
        await gone.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    [Fact]
    public async Task Groups_are_listed_in_pages_sorted_and_filtered_as_other_things_are()
    {
        using var http = await control.OperatorAsync();
        var start = Name();
        foreach (var end in new[] { "b", "a", "c" })
            await http.CreateAsync<AgentGroupAnswer>("/api/v1/agent-groups", new CreateAgentGroupRequest { Name = start + end, Description = end });

        var up = await http.AllAsync<AgentGroupAnswer>($"/api/v1/agent-groups?limit=2&q={start}");
        var down = await http.AllAsync<AgentGroupAnswer>($"/api/v1/agent-groups?limit=1&sort=-name&q={start}");
        var first = await http.GetAsync<Page<AgentGroupAnswer>>("/api/v1/agent-groups?limit=1");
        using var wrong = await http.GetAsync("/api/v1/agent-groups?sort=shoes", Cancel);

        up.ConvertAll(g => g.Description).ShouldBe(["a", "b", "c"]);
        down.ConvertAll(g => g.Description).ShouldBe(["c", "b", "a"]);
        first.Items.ShouldHaveSingleItem();
        first.NextCursor.ShouldNotBeNull();
        await wrong.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
    }

    [Fact]
    public async Task A_group_that_serves_a_tenant_or_is_the_default_stays()
    {
        using var http = await control.OperatorAsync();
        var name = Name();
        await http.CreateAsync<AgentGroupAnswer>("/api/v1/agent-groups", new CreateAgentGroupRequest { Name = name });
        await http.CreateAsync<TenantAnswer>("/api/v1/tenants", new CreateTenantRequest { Name = name, Slug = name, Group = name });

        using var used = await http.DeleteAsync($"/api/v1/agent-groups/{name}", Cancel);
        using var standard = await http.DeleteAsync("/api/v1/agent-groups/default", Cancel);

        await used.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.InUse);
        await standard.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.InUse);
    }

    [Fact]
    public async Task A_dry_run_of_a_group_shows_its_first_document_and_makes_nothing()
    {
        using var http = await control.OperatorAsync();
        var name = Name();

        using var answer = await http.PostAsync("/api/v1/agent-groups?dryRun=true", new CreateAgentGroupRequest { Name = name });

        var tried = await answer.ShouldBeAsync<DryRunAnswer<AgentGroupAnswer>>(HttpStatusCode.OK);
        tried.Agents.ShouldContain(a => a.Group.Value == name);
        using var gone = await http.GetAsync($"/api/v1/agent-groups/{name}", Cancel);
        await gone.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    [Fact]
    public async Task An_agent_is_renamed_on_the_version_that_was_read()
    {
        using var http = await control.OperatorAsync();
        using var agent = await EnrolledAgent.EnrolAsync(control);

        using var first = await RenameAsync(http, agent, "\"v1\"", "rack 7");
        using var second = await RenameAsync(http, agent, "\"v1\"", "rack 8");

        (await first.ShouldBeAsync<AgentAnswer>(HttpStatusCode.OK)).Name.ShouldBe("rack 7");
        await second.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
    }

    private static string Name() => "g" + Guid.NewGuid().ToString("N")[..20];

    private static Task<HttpResponseMessage> RenameAsync(HttpClient http, EnrolledAgent agent, string tag, string name) =>
        http.SendAsync(new(HttpMethod.Put, $"/api/v1/agents/{agent.Answer.AgentId}") { Headers = { { "If-Match", tag } }, Content = JsonContent.Create(new UpdateAgentRequest { Name = name }) }, Cancel);
}
