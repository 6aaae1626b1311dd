using System.Net;
using System.Net.Http.Json;
using System.Web;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Identity;

namespace Platform.Control.Tests.Members;

public sealed class InvitationTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_invited_person_becomes_a_member_in_as_many_tenants_as_invite_them()
    {
        var (one, admin) = await control.TenantAsync();
        var (two, otherAdmin) = await control.TenantAsync();
        using var person = await Person.NewAsync(control);

        var first = await InviteAsync(admin, one, person.Email.ToUpperInvariant(), TenantRoles.Developer);
        using var joined = await AcceptAsync(person.Http, TokenOf(first));
        using var also = await AcceptAsync(person.Http, TokenOf(await InviteAsync(otherAdmin, two, person.Email, TenantRoles.Billing)));

        (await joined.ShouldBeAsync<MembershipAnswer>(HttpStatusCode.OK)).ShouldSatisfyAllConditions(m => m.TenantId.ShouldBe(one), m => m.Role.ShouldBe(TenantRoles.Developer));
        also.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await person.Http.GetAsync<MeAnswer>("/api/v1/me")).Memberships.Select(m => m.TenantId).ShouldBe([one, two], ignoreOrder: true);
        var listed = (await admin.GetAsync<Page<InvitationAnswer>>(Path(one))).Items.ShouldHaveSingleItem();
        listed.State.ShouldBe(InvitationStates.Accepted);
        var trail = await control.Database.InTenantAsync(
            one, (db, ct) => db.AuditEvents.Where(a => a.Target == listed.Id.ToString()).OrderBy(a => a.At).Select(a => a.Action).ToListAsync(ct), Cancel);
        trail.ShouldBe(["invitation.create", "invitation.accept"]);
    }

    [Fact]
    public async Task A_link_that_is_another_persons_used_revoked_expired_or_made_up_does_not_exist()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var person = await Person.NewAsync(control);
        using var stranger = await Person.NewAsync(control);
        var revoked = await InviteAsync(admin, tenant, person.Email);
        using var revocation = await admin.DeleteAsync($"{Path(tenant)}/{revoked.Invitation.Id}", Cancel);
        var expired = await InviteAsync(admin, tenant, person.Email);
        await control.Database.InPlatformAsync(
            (db, ct) => db.Invitations.Where(i => i.Id == expired.Invitation.Id).ExecuteUpdateAsync(i => i.SetProperty(r => r.ExpiresAt, DateTimeOffset.UtcNow.AddSeconds(-1)), ct), Cancel);
        var invitation = await InviteAsync(admin, tenant, person.Email);

        using var others = await AcceptAsync(stranger.Http, TokenOf(invitation));
        using var program = await AcceptAsync(admin, TokenOf(invitation));
        using var back = await AcceptAsync(person.Http, TokenOf(revoked));
        using var late = await AcceptAsync(person.Http, TokenOf(expired));
        using var madeUp = await AcceptAsync(person.Http, "x" + TokenOf(invitation)[1..]);
        using var first = await AcceptAsync(person.Http, TokenOf(invitation));
        using var again = await AcceptAsync(person.Http, TokenOf(invitation));

        revocation.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var answer in new[] { others, program, back, late, madeUp, again })
            await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        (await admin.GetAsync<Page<InvitationAnswer>>(Path(tenant))).Items.Select(i => i.State)
            .ShouldBe([InvitationStates.Accepted, InvitationStates.Revoked, InvitationStates.Expired], ignoreOrder: true);
    }

    [Fact]
    public async Task An_address_that_is_not_proved_accepts_nothing()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var person = await Person.NewAsync(control);
        await control.WithUsersAsync(async users =>
        {
            var user = (await users.FindByEmailAsync(person.Email))!;
            user.EmailConfirmed = false;
            await users.UpdateAsync(user);
        });

        using var answer = await AcceptAsync(person.Http, TokenOf(await InviteAsync(admin, tenant, person.Email)));

        await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    [Fact]
    public async Task Of_many_acceptances_at_once_one_is_taken()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var person = await Person.NewAsync(control);
        var token = TokenOf(await InviteAsync(admin, tenant, person.Email));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AcceptAsync(person.Http, token)));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.NotFound).ShouldBe(7);
    }

    [Fact]
    public async Task The_link_is_shown_once_and_stored_as_a_hash()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Path(tenant))
        {
            Headers = { { "Idempotency-Key", "invite" } },
            Content = JsonContent.Create(new { email = "shown@example.com", role = "billing", validHours = 1 }),
        };
        using var answer = await admin.SendAsync(request, Cancel);
        using var repeat = new HttpRequestMessage(HttpMethod.Post, Path(tenant)) { Headers = { { "Idempotency-Key", "invite" } }, Content = request.Content };
        using var again = await admin.SendAsync(repeat, Cancel);

        var made = await answer.ShouldBeAsync<CreatedInvitationAnswer>(HttpStatusCode.Created);
        (await again.ShouldBeAsync<CreatedInvitationAnswer>(HttpStatusCode.Created)).ShouldSatisfyAllConditions(r => r.AcceptUrl.ShouldBeNull(), r => r.Replayed.ShouldBeTrue());
        made.AcceptUrl!.ToString().ShouldStartWith(new Uri(control.Url, "/identity/invitation?token=").ToString());
        (made.Invitation.ExpiresAt - made.Invitation.CreatedAt).ShouldBe(TimeSpan.FromHours(1));
        var stored = await control.Database.InPlatformAsync(
            (db, ct) => db.Database.SqlQueryRaw<string>(
                """
                SELECT i::text AS "Value" FROM invitations i UNION ALL SELECT a::text FROM audit_events a UNION ALL SELECT k::text FROM idempotency_keys k
                """).ToListAsync(ct), Cancel);
        stored.ShouldNotBeEmpty();
        stored.ShouldAllBe(row => !row.Contains(TokenOf(made), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repeated_acceptance_with_its_key_answers_the_same_and_to_others_there_is_nothing()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var person = await Person.NewAsync(control);
        using var other = await Person.NewAsync(control);
        var token = TokenOf(await InviteAsync(admin, tenant, person.Email));

        using var first = await AcceptAsync(person.Http, token, "accept");
        using var again = await AcceptAsync(person.Http, token, "accept");
        using var others = await AcceptAsync(other.Http, token, "accept");
        using var fresh = await AcceptAsync(person.Http, token, "another");

        var joined = await first.ShouldBeAsync<MembershipAnswer>(HttpStatusCode.OK);
        (await again.ShouldBeAsync<MembershipAnswer>(HttpStatusCode.OK)).ShouldBe(joined);
        await others.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        await fresh.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    [Theory]
    [InlineData("{ \"email\": \"no address\", \"role\": \"admin\" }", "email")]
    [InlineData("{ \"email\": \"a@example.com\", \"role\": \"emperor\" }", "role")]
    [InlineData("{ \"email\": \"a@example.com\", \"role\": \"admin\", \"validHours\": 0 }", "validHours")]
    [InlineData("{ \"email\": \"a@example.com\", \"role\": \"admin\", \"validHours\": 721 }", "validHours")]
    public async Task A_wrong_invitation_is_refused_by_its_member(string body, string member)
    {
        var (tenant, admin) = await control.TenantAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await admin.PostAsync(Path(tenant), content, Cancel);

        (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed)).GetProperty("errors").TryGetProperty(member, out _).ShouldBeTrue();
    }

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/invitations";

    private static Task<CreatedInvitationAnswer> InviteAsync(HttpClient http, TenantId tenant, string email, string role = TenantRoles.Developer) =>
        http.CreateAsync<CreatedInvitationAnswer>(Path(tenant), new CreateInvitationRequest { Email = email, Role = role });

    private static string TokenOf(CreatedInvitationAnswer made) => HttpUtility.ParseQueryString(made.AcceptUrl!.Query)["token"]!;

    private static Task<HttpResponseMessage> AcceptAsync(HttpClient http, string token) =>
        http.PostAsync("/api/v1/invitations/accept", new AcceptInvitationRequest { Token = token });

    private static Task<HttpResponseMessage> AcceptAsync(HttpClient http, string token, string key) => http.SendAsync(
        new(HttpMethod.Post, "/api/v1/invitations/accept")
        {
            Headers = { { "Idempotency-Key", key } },
            Content = JsonContent.Create(new AcceptInvitationRequest { Token = token }),
        },
        Cancel);
}
