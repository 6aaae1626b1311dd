using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Portal.Keys;
using Platform.Portal.Layout;
using Platform.Portal.Models;
using Platform.Portal.Operators;
using Platform.Portal.Overview;
using Platform.Portal.Session;
using Platform.Portal.Tests.Fakes;
using Platform.Portal.Usage;

namespace Platform.Portal.Tests;

public sealed class PagesTests : PageTestBase
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private NavigationManager Navigation => Page.Services.GetRequiredService<NavigationManager>();

    [Fact]
    public void The_overview_shows_todays_numbers_and_how_to_begin()
    {
        AddModel("llama");
        AddUsage("llama", 1234, input: 2_000_000, output: 31_000);
        AddUsage("other", 1, input: 5, output: 7);
        var page = Render<OverviewPage>(("Slug", "acme"));
        page.WaitForElement(TestId("usage-requests"), Deadline).TextContent.ShouldBe("1,235");
        page.Find(TestId("usage-input-tokens")).TextContent.ShouldBe("2,000,005");
        page.Find(TestId("usage-output-tokens")).TextContent.ShouldBe("31,007");
        page.FindAll(TestId("usage-by-model") + " tbody th").Select(t => t.TextContent).ShouldBe(["llama", "other"]);
        page.WaitForElement(TestId("snippet-curl"), Deadline).TextContent.ShouldContain("curl http://localhost:8080/v1/chat/completions");
        page.Find(TestId("snippet-curl")).TextContent.ShouldContain("\"model\": \"llama\"");
    }

    [Fact]
    public async Task Control_being_down_is_said_and_trying_again_helps()
    {
        Control.Down = true;
        var page = Render<OverviewPage>(("Slug", "acme"));
        page.WaitForElement(TestId("problem"), Deadline).TextContent.ShouldContain("The control plane cannot be reached.");
        Control.Down = false;
        await page.Find(TestId("retry")).ClickAsync();
        page.WaitForElement(TestId("usage-requests"), Deadline).TextContent.ShouldBe("0");
        page.FindAll(TestId("problem")).ShouldBeEmpty();
    }

    [Fact]
    public void Another_tenant_is_not_found()
    {
        var page = Render<OverviewPage>(("Slug", "globex"));
        page.WaitForElement(TestId("problem"), Deadline).TextContent.ShouldContain("There is no such tenant");
        Control.Asked.ShouldAllBe(a => a.Path == "/api/v1/me");
    }

    [Fact]
    public void An_operator_opens_any_tenant_by_following_the_pages_of_the_list()
    {
        for (var i = 0; i < 5; i++)
            Control.Tenants.Add(new(TenantId.New(), $"Tenant {i}", $"tenant-{i}", AgentGroupName.Default, false, false, null, DateTimeOffset.UtcNow, 1));
        Control.Me = Control.Me with { OperatorRole = OperatorRoles.Viewer, Memberships = [] };
        var page = Render<OverviewPage>(("Slug", "tenant-4"));
        page.WaitForElement(TestId("usage-requests"), Deadline);
        var all = Page.Render<TenantsPage>();
        all.WaitForElement(TestId("tenants"), Deadline);
        all.FindAll(TestId("tenants") + " tbody tr").Count.ShouldBe(6);
    }

    [Fact]
    public void An_operator_is_inside_a_tenant_with_a_token_for_it_which_is_asked_for_once_and_again_when_it_is_over()
    {
        Control.Me = Control.Me with { OperatorRole = OperatorRoles.Operator, Memberships = [] };
        Render<OverviewPage>(("Slug", "acme")).WaitForElement(TestId("usage-requests"), Deadline);
        var keys = Page.Render<KeysPage>(p => p.Add(k => k.Slug, "acme"));
        keys.WaitForElement(TestId("keys") + ", .empty", Deadline);
        keys.FindAll(TestId("create-key")).ShouldBeEmpty();
        Authority.Exchanges.ShouldBe(1);

        // Inside the margin before the end, so that each use asks for another.
        Authority.InsideTokenLifetime = TimeSpan.FromSeconds(30);
        Control.Tenants.Add(new(TenantId.New(), "Short", "short", AgentGroupName.Default, false, false, null, DateTimeOffset.UtcNow, 1));
        Page.Render<KeysPage>(p => p.Add(k => k.Slug, "short")).WaitForElement(".empty", Deadline);
        var exchanges = Authority.Exchanges;
        Page.Render<KeysPage>(p => p.Add(k => k.Slug, "short")).WaitForElement(".empty", Deadline);
        Authority.Exchanges.ShouldBeGreaterThan(exchanges);
    }

    [Fact]
    public void An_operator_whom_the_authority_does_not_let_in_is_told()
    {
        Control.Me = Control.Me with { OperatorRole = OperatorRoles.Operator, Memberships = [] };
        Authority.RefusesExchange = true;
        Render<KeysPage>(("Slug", "acme")).WaitForElement(TestId("problem"), Deadline).TextContent.ShouldContain("You may not enter this tenant.");
    }

    [Fact]
    public void The_layout_says_that_an_operator_is_inside_a_tenant_and_only_looks()
    {
        var inside = Control.Me with { OperatorRole = OperatorRoles.Operator, Memberships = [] };
        var banner = Page.Render<InsideTenant>(p => p.Add(b => b.Slug, "acme").Add(b => b.Me, inside));
        banner.Find(TestId("inside-tenant")).TextContent.ShouldContain("inside acme, read only");
        Page.Render<InsideTenant>(p => p.Add(b => b.Slug, "acme").Add(b => b.Me, Control.Me)).FindAll(TestId("inside-tenant")).ShouldBeEmpty();
        Page.Render<InsideTenant>(p => p.Add(b => b.Me, inside)).FindAll(TestId("inside-tenant")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Tokens_of_tenants_are_bounded_and_the_oldest_goes_first()
    {
        var tokens = new TenantTokens(capacity: 2);
        var (first, asked) = (TenantId.New(), 0);
        foreach (var tenant in new[] { first, TenantId.New(), TenantId.New(), first, first })
        {
            await tokens.GetAsync(tenant, _ => true, () =>
            {
                asked++;
                return Task.FromResult(new TokenAnswer(TokenState.Good));
            });
        }
        tokens.Count.ShouldBe(2);
        asked.ShouldBe(4);
    }

    [Fact]
    public void An_ended_session_leads_to_signing_in_and_back_to_the_page()
    {
        EndSession();
        Navigation.NavigateTo("/t/acme?x=1");
        Render<OverviewPage>(("Slug", "acme")).WaitForAssertion(
            () => Navigation.Uri.ShouldEndWith("/sign-in?returnUrl=%2Ft%2Facme%3Fx%3D1"), Deadline);
        ((BunitNavigationManager)Navigation).History.First().Options.ForceLoad.ShouldBeTrue();
    }

    [Fact]
    public void A_session_that_control_refuses_is_said_and_not_signed_in_again_by_itself()
    {
        Control.Accepts = _ => Task.FromResult(false);
        var page = Render<OverviewPage>(("Slug", "acme"));
        page.WaitForElement(TestId("problem") + " a", Deadline).GetAttribute("href").ShouldBe("/sign-in?returnUrl=%2F");
        Navigation.Uri.ShouldNotContain("sign-in");
    }

    [Fact]
    public async Task The_models_filter_is_in_the_address()
    {
        AddModel("llama-3.1-8b");
        AddModel("mistral-small");
        var page = Render<ModelsPage>(("Slug", "acme"));
        page.WaitForElement(TestId("models"), Deadline);
        await page.Find("input" + TestId("model-filter")).InputAsync("MIST");
        page.WaitForAssertion(() => page.FindAll(TestId("models") + " tbody th").ShouldHaveSingleItem().TextContent.ShouldBe("mistral-small"), Deadline);
        Navigation.Uri.ShouldEndWith("?filter=MIST");
    }

    [Fact]
    public void Usage_is_grouped_as_the_address_says()
    {
        AddUsage("llama", 3, input: 30, output: 3);
        AddUsage("mistral", 5, input: 50, output: 5);
        Navigation.NavigateTo("/t/acme/usage?range=7d&by=model");
        var page = Render<UsagePage>(("Slug", "acme"));
        page.WaitForElement(TestId("usage-table"), Deadline);
        page.FindAll(TestId("usage-table") + " tbody th").Select(t => t.TextContent.Trim()).ShouldBe(["mistral", "llama"]);
        page.Find(TestId("usage-export")).GetAttribute("href").ShouldNotBeNull().ShouldStartWith("/t/acme/usage/export?from=");
        Control.Asked.ShouldContain(a => a.Path.Contains("bucket=day"));
    }

    [Fact]
    public void Agents_that_lag_or_refuse_say_so()
    {
        Control.Agents.Add(Agent("good", 10, 10));
        Control.Agents.Add(Agent("late", 10, 7));
        Control.Agents.Add(Agent("silent", 10, null));
        Control.Agents.Add(Agent("choosy", 10, 10) with { Rejected = [new("pool", "p-1", 9, ["An endpoint has a query."])] });
        Control.Agents.Add(Agent("cut-off", 10, 10) with { RevokedAt = DateTimeOffset.UtcNow });
        var page = Render<AgentsPage>();
        page.WaitForElement(TestId("agents"), Deadline);
        page.FindAll(TestId("agent-lag")).Select(c => c.TextContent).ShouldBe(
            ["Up to date, revision 10", "Behind by 3, at revision 7", "Never reported", "Refused 1 of revision 10", "Revoked"]);
        page.Find(TestId("agent-rejected")).TextContent.ShouldContain("An endpoint has a query.");
    }

    private static AgentAnswer Agent(string name, long group, long? applied) => new(
        AgentId.New(), name, AgentGroupName.Default, "1.0", "linux", DateTimeOffset.UtcNow, null, DateTimeOffset.UtcNow, BootId.New(), group, applied, [], 1);

    private void AddModel(string name) =>
        Control.Models.Add(new(ModelId.New(), ModelName.Parse(name), "platform", true, [new(PoolId.New(), name, 1, 0)], DateTimeOffset.UtcNow, [], null, null, null, 1));

    private void AddUsage(string model, long requests, long input, long output)
    {
        var now = DateTimeOffset.UtcNow;
        Control.Usage.Add(new(new(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero), FakeControl.SearchProject.Id, null, model, new(requests, 0, input, 0, output, 0)));
    }
}
