using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Control.Bootstrap;
using Platform.Control.Data;

namespace Platform.Control.Tests.Identity;

/// <summary>People of a tenant sign in by the tenant's own OpenID Connect server.</summary>
public sealed partial class ExternalSignInTests(ExternalControl system) : IClassFixture<ExternalControl>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static TheoryData<ProviderFault> Faults => [.. Enum.GetValues<ProviderFault>().Where(f => f != ProviderFault.None)];

    [Fact]
    public async Task The_address_leads_to_the_provider_and_back_into_the_tenant()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        using var browser = system.NewBrowser();

        using var typed = await browser.TypeAddressAsync(system.Provider.Email.ToUpperInvariant());
        using var answer = await browser.SignInAsync(tenant.Row.Id);

        typed.Headers.Location!.ToString().ShouldStartWith($"/identity/external/{tenant.Row.Id}?returnUrl=%2Fidentity%2Fsigned-in");
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/identity/signed-in?x=1");
        using var http = system.App.With(await browser.AccessTokenAsync());
        var me = await http.GetAsync<MeAnswer>("/api/v1/me");
        me.Email.ShouldBe(system.Provider.Email);
        var membership = me.Memberships.ShouldHaveSingleItem();
        (membership.TenantId, membership.Role).ShouldBe((tenant.Tenant, TenantRoles.Developer));
        (await TrailAsync(tenant)).ShouldBe(["identity-provider.confirm-domain", "member.add", "sign-in.external", "sign-in.succeeded"], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Whatever_is_wrong_with_the_providers_answer_reads_the_same(ProviderFault fault)
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        system.Provider.Fault = fault;
        using var browser = system.NewBrowser();

        using var answer = await browser.SignInAsync(tenant.Row.Id);

        (await RefusalAsync(answer, HttpStatusCode.Unauthorized)).ShouldBe("Signing in with your organisation did not work. Try again; if it stays like this, tell your administrator.");
        answer.Headers.TryGetValues("Set-Cookie", out var cookies);
        (cookies ?? []).ShouldNotContain(c => c.StartsWith("platform-identity=", StringComparison.Ordinal));
        using var authorize = await browser.GetAsync("/connect/authorize?client_id=portal");
        authorize.StatusCode.ShouldNotBe(HttpStatusCode.Redirect);
        (await MembersAsync(tenant)).Keys.ShouldNotContain(system.Provider.Email);
    }

    [Fact]
    public async Task Groups_decide_the_role_at_each_sign_in_and_who_has_none_any_more_is_out()
    {
        var tenant = await system.TenantWithProviderAsync(null, ("staff", TenantRoles.Billing), ("leads", TenantRoles.Admin), ("it", TenantRoles.Developer));

        (await RefusalAsync(await SignInAsync(tenant), HttpStatusCode.Forbidden)).ShouldContain("none of your groups");
        (await UserAsync(system.Provider.Email)).ShouldBeNull("nobody is made who has no role");
        (await RoleAfterAsync(tenant, "staff", "it", "unheard of")).ShouldBe(TenantRoles.Developer);
        (await RoleAfterAsync(tenant, "leads", "staff")).ShouldBe(TenantRoles.Admin);
        (await RoleAfterAsync(tenant, "staff")).ShouldBe(TenantRoles.Billing);
        system.Provider.Groups = ["unheard of"];
        (await RefusalAsync(await SignInAsync(tenant), HttpStatusCode.Forbidden)).ShouldContain("none of your groups");
        (await MembersAsync(tenant)).Keys.ShouldNotContain(system.Provider.Email);
        (await TrailAsync(tenant)).ShouldContain("member.remove");
    }

    [Fact]
    public async Task The_last_owner_stays_one_whatever_the_groups_say()
    {
        var tenant = await system.TenantWithProviderAsync(null, ("owners", TenantRoles.Owner));
        (await RoleAfterAsync(tenant, "owners")).ShouldBe(TenantRoles.Owner);
        await system.App.Database.InPlatformAsync(
            (db, ct) => db.Memberships.Where(m => m.TenantId == tenant.Tenant && m.Role == TenantRoles.Owner && m.IdentityProviderId == null).ExecuteDeleteAsync(ct), Cancel);

        (await RoleAfterAsync(tenant, "none")).ShouldBe(TenantRoles.Owner);
    }

    [Fact]
    public async Task An_account_that_was_there_is_linked_and_keeps_the_role_that_people_gave_it()
    {
        var tenant = await system.TenantWithProviderAsync(null, ("staff", TenantRoles.Billing));
        var user = await MakeAsync(system.Provider.Email);
        await system.App.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Memberships.Add(new() { TenantId = tenant.Tenant, Principal = user.ToString("D"), Role = TenantRoles.Developer, Email = system.Provider.Email, CreatedAt = DateTimeOffset.UtcNow });
                return db.SaveChangesAsync(ct);
            },
            Cancel);

        (await RoleAfterAsync(tenant, "staff")).ShouldBe(TenantRoles.Developer);
        (await UserAsync(system.Provider.Email))!.Id.ShouldBe(user);

        // By issuer and subject now, whatever the address is.
        system.Provider.Email = $"new-name@{tenant.Domain}";
        using var renamed = await SignInAsync(tenant);
        renamed.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await UserAsync(system.Provider.Email)).ShouldBeNull();
    }

    [Fact]
    public async Task Who_registered_an_address_without_confirming_it_does_not_keep_its_password()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        var id = await MakeAsync(system.Provider.Email);
        await WithUsersAsync(async users =>
        {
            var squatter = (await users.FindByIdAsync(id.ToString()))!;
            squatter.EmailConfirmed = false;
            await users.UpdateAsync(squatter);
        });

        using var answer = await SignInAsync(tenant);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var user = (await UserAsync(system.Provider.Email))!;
        (user.Id, user.EmailConfirmed, user.PasswordHash).ShouldBe((id, true, null));
    }

    [Fact]
    public async Task An_operator_and_an_account_of_another_domain_do_not_come_in_by_a_tenants_provider()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        var operatorId = await MakeAsync(system.Provider.Email);
        await system.App.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Operators.Add(new() { Principal = operatorId.ToString("D"), Role = OperatorRoles.Viewer, CreatedAt = DateTimeOffset.UtcNow });
                return db.SaveChangesAsync(ct);
            },
            Cancel);
        (await RefusalAsync(await SignInAsync(tenant), HttpStatusCode.Unauthorized)).ShouldContain("did not work");

        // Somebody whom the provider brought once, and whose account has an address of another domain by now.
        system.Provider.Email = $"bob@{tenant.Domain}";
        (system.Provider.Subject, var bob) = ("bob's", await MakeAsync(system.Provider.Email));
        using (var first = await SignInAsync(tenant))
            first.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await WithUsersAsync(async users => await users.SetEmailAsync((await users.FindByIdAsync(bob.ToString()))!, $"{Guid.NewGuid():N}@another.example"));
        (await RefusalAsync(await SignInAsync(tenant), HttpStatusCode.Unauthorized)).ShouldContain("did not work");

        var denied = await system.App.Database.InTenantAsync(
            tenant.Tenant, (db, ct) => db.AuditEvents.Where(a => a.TenantId == tenant.Tenant && a.Outcome == AuditOutcomes.Denied).ToListAsync(ct), Cancel);
        denied.Select(a => a.Action).ShouldBe(["sign-in.external"], "of one reason one a minute is a row");
    }

    [Fact]
    public async Task An_answer_belongs_to_the_browser_that_asked_and_is_taken_once()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        var other = await system.TenantWithProviderAsync(TenantRoles.Developer);
        using var browser = system.NewBrowser();
        using var stranger = system.NewBrowser();
        using var toProvider = await browser.GetAsync((await browser.BeginAsync(other.Row.Id))!);
        var back = toProvider.Headers.Location!.ToString();

        using var stolen = await stranger.GetAsync(back);
        using var swapped = await browser.GetAsync(back.Replace(other.Row.Id.ToString(), tenant.Row.Id.ToString(), StringComparison.Ordinal));
        using var late = await browser.GetAsync(back);
        using var again = await browser.SignInAsync(other.Row.Id);

        foreach (var answer in new[] { stolen, swapped, late })
            await RefusalAsync(answer, HttpStatusCode.Unauthorized);
        again.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_provider_that_is_off_or_whose_domain_is_not_verified_signs_nobody_in()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        await system.App.Database.InPlatformAsync(
            (db, ct) => db.IdentityProviders.Where(p => p.Id == tenant.Row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.DomainVerifiedAt, (DateTimeOffset?)null), ct), Cancel);
        using var browser = system.NewBrowser();

        using var typed = await browser.TypeAddressAsync(system.Provider.Email);
        using var direct = await browser.GetAsync($"/identity/external/{tenant.Row.Id}");

        typed.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await RefusalAsync(direct, HttpStatusCode.Unauthorized);
    }

    private async Task<HttpResponseMessage> SignInAsync(TenantProvider tenant)
    {
        using var browser = system.NewBrowser();
        return await browser.SignInAsync(tenant.Row.Id);
    }

    private async Task<string> RoleAfterAsync(TenantProvider tenant, params string[] groups)
    {
        system.Provider.Groups = groups;
        using var answer = await SignInAsync(tenant);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return (await MembersAsync(tenant))[system.Provider.Email];
    }

    private Task<Dictionary<string, string>> MembersAsync(TenantProvider tenant) => system.App.Database.InPlatformAsync(
        (db, ct) => db.Memberships.Where(m => m.TenantId == tenant.Tenant && m.Email != null).ToDictionaryAsync(m => m.Email!, m => m.Role, ct), Cancel);

    private Task<List<string>> TrailAsync(TenantProvider tenant) => system.App.Database.InPlatformAsync(
        (db, ct) => db.AuditEvents.Where(a => a.TenantId == tenant.Tenant && a.Action != "tenant.create" && a.Action != "identity-provider.create").Select(a => a.Action).ToListAsync(ct), Cancel);

    private async Task<Guid> MakeAsync(string email)
    {
        await using var scope = system.App.Services.CreateAsyncScope();
        return Guid.Parse(await scope.ServiceProvider.GetRequiredService<BootstrapUsers>().EnsureAsync(email, ControlApp.Password));
    }

    private async Task<PlatformUser?> UserAsync(string email)
    {
        PlatformUser? user = null;
        await WithUsersAsync(async users => user = await users.FindByEmailAsync(email));
        return user;
    }

    private async Task WithUsersAsync(Func<UserManager<PlatformUser>, Task> work)
    {
        await using var scope = system.App.Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<UserManager<PlatformUser>>());
    }

    private static async Task<string> RefusalAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        answer.StatusCode.ShouldBe(status, text);
        return Fault().Match(text).Groups["text"].Value;
    }

    [GeneratedRegex("""role="alert">(?<text>[^<]+)<""")]
    private static partial Regex Fault();
}
