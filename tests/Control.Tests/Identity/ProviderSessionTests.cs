using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Tests.Identity;

/// <summary>What a sign-in by a tenant's provider is good for: that tenant, as long as the provider stays who it was.</summary>
public sealed partial class ProviderSessionTests(ExternalControl system) : IClassFixture<ExternalControl>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static TheoryData<string> Ends => ["issuer", "client", "domain", "disabled", "deleted"];

    [Fact]
    public async Task It_counts_in_the_providers_tenant_and_nowhere_else()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        var (elsewhere, _) = await system.App.TenantAsync();
        var (http, user) = await SignInAsync(tenant);
        await AddAsync(new MembershipRow { TenantId = elsewhere, Principal = user, Role = TenantRoles.Owner, CreatedAt = DateTimeOffset.UtcNow });
        await AddAsync(new OperatorRow { Principal = user, Role = OperatorRoles.Operator, CreatedAt = DateTimeOffset.UtcNow });

        var me = await http.GetAsync<MeAnswer>("/api/v1/me");
        var tenants = await http.GetAsync<Page<TenantAnswer>>("/api/v1/tenants");
        using var there = await http.GetAsync($"/api/v1/tenants/{elsewhere}/projects", Cancel);
        using var shaped = await ShapedAsync(http, elsewhere);
        using var own = await ShapedAsync(http, null);
        using var fleet = await http.GetAsync("/api/v1/operator/tenants", Cancel);
        using var signUp = await http.PostAsync("/api/v1/sign-ups", new SignUpRequest { TenantName = "Mine", Slug = $"mine-{Guid.NewGuid():N}"[..20] });

        using var accepted = await http.PostAsync("/api/v1/invitations/accept", new AcceptInvitationRequest { Token = "any" });

        await accepted.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.SignedInByProvider);
        me.OperatorRole.ShouldBeNull();
        me.Memberships.ShouldHaveSingleItem().TenantId.ShouldBe(tenant.Tenant);
        tenants.Items.ShouldHaveSingleItem().Id.ShouldBe(tenant.Tenant);
        await there.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        shaped.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        own.StatusCode.ShouldBe(HttpStatusCode.OK, await own.Content.ReadAsStringAsync(Cancel));
        fleet.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await signUp.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.SignedInByProvider);
    }

    [Fact]
    public async Task What_groups_gave_counts_in_sessions_of_that_provider_only()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Admin);
        var (http, user) = await SignInAsync(tenant);
        (await http.GetAsync<MeAnswer>("/api/v1/me")).Memberships.ShouldHaveSingleItem();
        await WithUsersAsync(async users => (await users.AddPasswordAsync((await users.FindByIdAsync(user))!, ControlApp.Password)).Succeeded.ShouldBeTrue());

        // By the password, and when the groups are long gone.
        using var browser = new Browser(system.App);
        await browser.SignedInAsync(system.Provider.Email, ControlApp.Password);
        using var tokens = await browser.PostAsync("/connect/token", new()
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "portal",
            ["client_secret"] = ControlApp.PortalSecret,
            ["code"] = await browser.CodeAsync(),
            ["code_verifier"] = browser.Verifier,
            ["redirect_uri"] = Browser.RedirectUri,
        });
        using var byPassword = system.App.With((await tokens.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK)).AccessToken);

        (await byPassword.GetAsync<MeAnswer>("/api/v1/me")).Memberships.ShouldBeEmpty();
        using var read = await byPassword.GetAsync($"/api/v1/tenants/{tenant.Tenant}/projects", Cancel);
        await read.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task It_ends_when_the_provider_becomes_another_one(string how)
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        using var browser = system.NewBrowser();
        var (http, user) = await SignInAsync(tenant, browser);
        var body = BodyOf(tenant);
        var path = $"/api/v1/tenants/{tenant.Tenant}/identity-providers/{tenant.Row.Id}";

        using var changed = how switch
        {
            "issuer" => await PutAsync(tenant.Owner, path, body with { Issuer = "https://elsewhere.example" }),
            "client" => await PutAsync(tenant.Owner, path, body with { ClientId = "another" }),
            "domain" => await PutAsync(tenant.Owner, path, body with { Domain = "elsewhere.example" }),
            "disabled" => await PutAsync(tenant.Owner, path, body with { Enabled = false }),
            _ => await tenant.Owner.DeleteAsync(path, Cancel),
        };

        changed.IsSuccessStatusCode.ShouldBeTrue(await changed.Content.ReadAsStringAsync(Cancel));
        using var me = await http.GetAsync("/api/v1/me", Cancel);
        me.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var account = await browser.GetAsync("/identity/account");
        account.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        account.Headers.Location!.ToString().ShouldContain("/identity/sign-in");
        await WithUsersAsync(async users =>
            (await users.GetLoginsAsync((await users.FindByIdAsync(user))!)).Count.ShouldBe(how == "disabled" ? 1 : 0));
    }

    [Fact]
    public async Task What_groups_gave_goes_with_the_provider_and_what_they_invited_to()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Admin);
        var (http, user) = await SignInAsync(tenant);
        var invited = await http.CreateAsync<CreatedInvitationAnswer>($"/api/v1/tenants/{tenant.Tenant}/invitations", new { email = "guest@people.example", role = "billing" });

        using var deleted = await tenant.Owner.DeleteAsync($"/api/v1/tenants/{tenant.Tenant}/identity-providers/{tenant.Row.Id}", Cancel);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await system.App.Database.InPlatformAsync((db, ct) => db.Memberships.AnyAsync(m => m.Principal == user, ct), Cancel)).ShouldBeFalse();
        var listed = await tenant.Owner.GetAsync<Page<InvitationAnswer>>($"/api/v1/tenants/{tenant.Tenant}/invitations");
        listed.Items.Single(i => i.Id == invited.Invitation.Id).State.ShouldBe(InvitationStates.Revoked);
    }

    [Fact]
    public async Task A_closed_tenant_keeps_nothing_of_who_came_by_its_provider()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        var (http, user) = await SignInAsync(tenant);
        var slug = (await tenant.Owner.GetAsync<TenantAnswer>($"/api/v1/tenants/{tenant.Tenant}")).Slug;

        using var closed = await tenant.Owner.PostAsync($"/api/v1/tenants/{tenant.Tenant}/close", new { slug });

        closed.StatusCode.ShouldBe(HttpStatusCode.OK, await closed.Content.ReadAsStringAsync(Cancel));
        using var me = await http.GetAsync("/api/v1/me", Cancel);
        me.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await WithUsersAsync(async users => (await users.GetLoginsAsync((await users.FindByIdAsync(user))!)).ShouldBeEmpty());
        var trail = await system.App.Database.InPlatformAsync((db, ct) => db.AuditEvents.Where(e => e.TenantId == tenant.Tenant).AsNoTracking().ToListAsync(ct), Cancel);
        trail.ShouldContain(e => e.Action == "sign-in.external");
        trail.ShouldAllBe(e => e.Actor != user && e.Target != user);
        trail.Where(e => e.Action == "sign-in.external").ShouldAllBe(e => e.Actor == e.Target && e.Actor.StartsWith("erased-"));
    }

    [Fact]
    public async Task A_rename_or_another_mapping_leaves_it()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        var (http, _) = await SignInAsync(tenant);

        using var changed = await PutAsync(
            tenant.Owner, $"/api/v1/tenants/{tenant.Tenant}/identity-providers/{tenant.Row.Id}", BodyOf(tenant) with { Name = "renamed", ClientSecret = ProviderServer.ClientSecret });

        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync<MeAnswer>("/api/v1/me")).Memberships.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task It_does_not_begin_by_what_the_provider_was_before()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        var (_, user) = await SignInAsync(tenant);
        var read = await system.App.Database.InPlatformAsync((db, ct) => db.IdentityProviders.AsNoTracking().SingleAsync(p => p.Id == tenant.Row.Id, ct), Cancel);
        using var changed = await PutAsync(
            tenant.Owner, $"/api/v1/tenants/{tenant.Tenant}/identity-providers/{tenant.Row.Id}", BodyOf(tenant) with { Issuer = "https://elsewhere.example" });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);

        await using var scope = system.App.Services.CreateAsyncScope();
        var person = (await scope.ServiceProvider.GetRequiredService<UserManager<PlatformUser>>().FindByIdAsync(user))!;
        (await scope.ServiceProvider.GetRequiredService<UserSessions>().BeginAsync(person, SignInMethods.Provider, read, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task It_lasts_twelve_hours_however_much_it_is_used()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        using var browser = system.NewBrowser();
        var (_, user) = await SignInAsync(tenant, browser);
        var id = Guid.Parse(user);
        await using var scope = system.App.Services.CreateAsyncScope();
        var identity = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        var began = DateTimeOffset.UtcNow.AddHours(-11);
        await identity.Sessions.Where(s => s.UserId == id)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.CreatedAt, began).SetProperty(r => r.LastUsedAt, began.AddHours(1)), Cancel);

        using var used = await browser.GetAsync("/identity/account");

        used.StatusCode.ShouldBe(HttpStatusCode.OK);
        var session = await identity.Sessions.AsNoTracking().SingleAsync(s => s.UserId == id, Cancel);
        session.ExpiresAt.ShouldBe(began + TimeSpan.FromHours(12), TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("passkeys")]
    [InlineData("two-factor")]
    public async Task It_changes_nothing_about_how_the_account_signs_in(string page)
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        using var browser = system.NewBrowser();
        await SignInAsync(tenant, browser);

        using var read = await browser.GetAsync($"/identity/account/{page}");
        using var account = await browser.GetAsync(read.Headers.Location.ShouldNotBeNull().ToString());

        read.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await account.Content.ReadAsStringAsync(Cancel)).ShouldContain("Your organisation signed you in.");
    }

    [Fact]
    public async Task Whom_the_provider_made_an_owner_does_not_end_it_by_mistake()
    {
        var tenant = await system.TenantWithProviderAsync(null, ("bosses", TenantRoles.Owner));
        system.Provider.Groups = ["bosses"];
        var (http, _) = await SignInAsync(tenant);
        var path = $"/api/v1/tenants/{tenant.Tenant}/identity-providers/{tenant.Row.Id}";
        var body = BodyOf(tenant) with { RoleMapping = new Dictionary<string, string> { ["bosses"] = TenantRoles.Owner }, DefaultRole = null };

        using var moved = await PutAsync(http, path, body with { Issuer = "https://elsewhere.example" });
        using var deleted = await http.DeleteAsync(path, Cancel);
        using var renamed = await PutAsync(http, path, body with { Name = "renamed" });

        await moved.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.SignedInByProvider);
        await deleted.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.SignedInByProvider);
        renamed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData(null)]
    public async Task Another_site_may_lead_to_it_but_not_through_it(string? site)
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        using var browser = system.NewBrowser();

        using var start = await browser.StartAsync(tenant.Row.Id, site);
        var page = await start.Content.ReadAsStringAsync(Cancel);
        var fields = Field().Matches(page).ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        using var forged = await browser.PostAsync($"/identity/external/{tenant.Row.Id}", new() { ["returnUrl"] = "/" });
        using var clicked = await browser.PostAsync($"/identity/external/{tenant.Row.Id}", fields);

        start.Headers.Contains("Refresh").ShouldBeFalse();
        start.Headers.Contains("Set-Cookie").ShouldBeTrue("only the form's own");
        page.ShouldContain("Continue with Acme");
        forged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        clicked.Headers.GetValues("Refresh").Single().ShouldStartWith("0;url=" + system.Provider.Url);
    }

    private async Task<(HttpClient Http, string User)> SignInAsync(TenantProvider tenant, ExternalBrowser? with = null)
    {
        var browser = with ?? system.NewBrowser();
        using var answer = await browser.SignInAsync(tenant.Row.Id);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var http = system.App.With(await browser.AccessTokenAsync());
        return (http, (await http.GetAsync<MeAnswer>("/api/v1/me")).Subject);
    }

    private static async Task<HttpResponseMessage> ShapedAsync(HttpClient http, TenantId? tenant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/organization/projects");
        if (tenant is { } id)
            request.Headers.Add("OpenAI-Organization", id.ToString());
        return await http.SendAsync(request, Cancel);
    }

    private IdentityProviderRequest BodyOf(TenantProvider tenant) => new()
    {
        Name = "Acme's directory",
        Issuer = system.Provider.Url,
        ClientId = ProviderServer.ClientId,
        Domain = tenant.Domain,
        DefaultRole = TenantRoles.Developer,
        Enabled = true,
    };

    private static async Task<HttpResponseMessage> PutAsync(HttpClient http, string path, IdentityProviderRequest body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("If-Match", "*");
        return await http.SendAsync(request, Cancel);
    }

    private Task<int> AddAsync(object row) => system.App.Database.InPlatformAsync(
        (db, ct) =>
        {
            db.Add(row);
            return db.SaveChangesAsync(ct);
        },
        Cancel);

    private async Task WithUsersAsync(Func<UserManager<PlatformUser>, Task> work)
    {
        await using var scope = system.App.Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<UserManager<PlatformUser>>());
    }

    [GeneratedRegex("""<input[^>]*name="(?<name>returnUrl|__RequestVerificationToken)"[^>]*value="(?<value>[^"]*)""")]
    private static partial Regex Field();
}
