using System.Net;
using System.Net.Http.Json;
using System.Web;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Members;

/// <summary>An invitation is worth what whoever made it may still give.</summary>
public sealed class InviterTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("removed")]
    [InlineData("demoted")]
    [InlineData("left")]
    public async Task Whoever_goes_takes_their_open_invitations_along(string how)
    {
        var (tenant, _) = await control.TenantAsync();
        using var owner = await Person.NewAsync(control, tenant, TenantRoles.Owner);
        using var admin = await Person.NewAsync(control, tenant, TenantRoles.Admin);
        using var friend = await Person.NewAsync(control);
        using var guest = await Person.NewAsync(control);
        var invitation = await InviteAsync(admin.Http, tenant, friend.Email, TenantRoles.Admin);
        var others = await InviteAsync(owner.Http, tenant, guest.Email, TenantRoles.Admin);

        using var gone = how switch
        {
            "removed" => await owner.Http.DeleteAsync($"/api/v1/tenants/{tenant}/members/{admin.Principal}", Cancel),
            "demoted" => await RoleAsync(owner.Http, tenant, admin.Principal, TenantRoles.Developer),
            _ => await admin.Http.DeleteAsync($"/api/v1/tenants/{tenant}/members/me", Cancel),
        };
        using var back = await AcceptAsync(friend.Http, invitation);
        using var joined = await AcceptAsync(guest.Http, others);

        gone.IsSuccessStatusCode.ShouldBeTrue();
        await back.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        joined.StatusCode.ShouldBe(HttpStatusCode.OK);
        var listed = await owner.Http.GetAsync<Page<InvitationAnswer>>($"/api/v1/tenants/{tenant}/invitations");
        listed.Items.Single(i => i.Id == invitation.Invitation.Id).State.ShouldBe(InvitationStates.Revoked);
        var trail = await control.Database.InTenantAsync(
            tenant, (db, ct) => db.AuditEvents.Where(e => e.Action == "invitation.revoke").Select(e => e.Target).ToListAsync(ct), Cancel);
        trail.ShouldBe([invitation.Invitation.Id.ToString()]);
    }

    [Fact]
    public async Task An_owner_who_is_an_admin_from_then_on_has_invited_no_owners()
    {
        var (tenant, _) = await control.TenantAsync();
        using var owner = await Person.NewAsync(control, tenant, TenantRoles.Owner);
        using var second = await Person.NewAsync(control, tenant, TenantRoles.Owner);
        using var friend = await Person.NewAsync(control);
        using var guest = await Person.NewAsync(control);
        var asOwner = await InviteAsync(second.Http, tenant, friend.Email, TenantRoles.Owner);
        var asBilling = await InviteAsync(second.Http, tenant, guest.Email, TenantRoles.Billing);

        using var demoted = await RoleAsync(owner.Http, tenant, second.Principal, TenantRoles.Admin);
        using var refused = await AcceptAsync(friend.Http, asOwner);
        using var joined = await AcceptAsync(guest.Http, asBilling);

        demoted.StatusCode.ShouldBe(HttpStatusCode.OK);
        await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        joined.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_member_who_went_by_another_way_has_invited_nobody_either()
    {
        var (tenant, _) = await control.TenantAsync();
        using var admin = await Person.NewAsync(control, tenant, TenantRoles.Admin);
        using var friend = await Person.NewAsync(control);
        var invitation = await InviteAsync(admin.Http, tenant, friend.Email, TenantRoles.Developer);
        await control.Database.InPlatformAsync((db, ct) => db.Memberships.Where(m => m.Principal == admin.Principal).ExecuteDeleteAsync(ct), Cancel);

        using var accepted = await AcceptAsync(friend.Http, invitation);
        using var page = await friend.Http.GetAsync(invitation.AcceptUrl, Cancel);

        await accepted.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_program_that_is_deleted_takes_its_open_invitations_along()
    {
        var (tenant, admin) = await control.TenantAsync();
        var programs = $"/api/v1/tenants/{tenant}/service-clients";
        var made = await admin.CreateAsync<ServiceClientSecretAnswer>(programs, new ServiceClientRequest { Name = "p", Role = TenantRoles.Admin, Scopes = [ApiScopes.All] });
        using var http = control.Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", await control.TokenAsync(made.Client.ClientId, made.ClientSecret!));
        using var friend = await Person.NewAsync(control);
        var invitation = await InviteAsync(http, tenant, friend.Email, TenantRoles.Admin);

        using var deleted = await admin.DeleteAsync($"{programs}/{made.Client.Id}", Cancel);
        using var refused = await AcceptAsync(friend.Http, invitation);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        (await admin.GetAsync<Page<InvitationAnswer>>($"/api/v1/tenants/{tenant}/invitations")).Items.Single().State.ShouldBe(InvitationStates.Revoked);
    }

    [Fact]
    public async Task An_operators_invitation_holds_while_they_are_one()
    {
        var (tenant, _) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        using var first = await Person.NewAsync(control);
        using var second = await Person.NewAsync(control);
        var path = $"/api/v1/operator/tenants/{tenant}/invitations";
        var one = await http.CreateAsync<CreatedInvitationAnswer>(path, new CreateInvitationRequest { Email = first.Email, Role = TenantRoles.Owner });
        var two = await http.CreateAsync<CreatedInvitationAnswer>(path, new CreateInvitationRequest { Email = second.Email, Role = TenantRoles.Owner });

        using var joined = await AcceptAsync(first.Http, one);
        await control.Database.InPlatformAsync((db, ct) => db.Operators.Where(o => o.Principal == two.Invitation.CreatedBy).ExecuteDeleteAsync(ct), Cancel);
        using var refused = await AcceptAsync(second.Http, two);

        joined.StatusCode.ShouldBe(HttpStatusCode.OK);
        await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    private static Task<CreatedInvitationAnswer> InviteAsync(HttpClient http, TenantId tenant, string email, string role) =>
        http.CreateAsync<CreatedInvitationAnswer>($"/api/v1/tenants/{tenant}/invitations", new CreateInvitationRequest { Email = email, Role = role });

    private static Task<HttpResponseMessage> AcceptAsync(HttpClient http, CreatedInvitationAnswer made) =>
        http.PostAsync("/api/v1/invitations/accept", new AcceptInvitationRequest { Token = HttpUtility.ParseQueryString(made.AcceptUrl!.Query)["token"]! });

    private static async Task<HttpResponseMessage> RoleAsync(HttpClient http, TenantId tenant, string principal, string role)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/tenants/{tenant}/members/{principal}") { Content = JsonContent.Create(new MemberRequest { Role = role }) };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        return await http.SendAsync(request, Cancel);
    }
}
