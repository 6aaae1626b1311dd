using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Members;

public sealed class MemberTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_are_listed_in_pages_and_programs_are_not_among_them()
    {
        var (tenant, _) = await control.TenantAsync();
        using var owner = await Person.NewAsync(control, tenant, TenantRoles.Owner);
        using var other = await Person.NewAsync(control, tenant, TenantRoles.Billing);
        await ProgramAsync(tenant, "a-program");

        var seen = new List<MemberAnswer>();
        string? cursor = null;
        do
        {
            var page = await owner.Http.GetAsync<Page<MemberAnswer>>($"{Path(tenant)}?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        seen.Count.ShouldBe(3);
        seen.Select(m => m.Principal).ShouldBe(seen.Select(m => m.Principal).Order(StringComparer.Ordinal), ignoreOrder: true);
        seen.Single(m => m.Principal == other.Principal).ShouldSatisfyAllConditions(m => m.Email.ShouldBe(other.Email), m => m.Role.ShouldBe(TenantRoles.Billing));
        seen.ShouldNotContain(m => m.Principal == "a-program");
        (await owner.Http.GetAsync<Page<MemberAnswer>>($"{Path(tenant)}?q={other.Email[..8]}")).Items.ShouldHaveSingleItem().Principal.ShouldBe(other.Principal);
        using var program = await owner.Http.GetAsync($"{Path(tenant)}/a-program", Cancel);
        await program.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    [Theory]
    [InlineData("principal")]
    [InlineData("-principal")]
    [InlineData("email")]
    [InlineData("-email")]
    [InlineData("role")]
    [InlineData("-role")]
    public async Task Members_are_sorted_both_ways_over_pages(string sort)
    {
        var (tenant, _) = await control.TenantAsync();
        using var owner = await Person.NewAsync(control, tenant, TenantRoles.Owner);
        foreach (var role in new[] { TenantRoles.Billing, TenantRoles.Billing, TenantRoles.Developer })
            (await Person.NewAsync(control, tenant, role)).Dispose();

        var all = await owner.Http.AllAsync<MemberAnswer>($"{Path(tenant)}?limit=2&sort={sort}");

        all.Select(m => m.Principal).Distinct().Count().ShouldBe(5);
        Func<MemberAnswer, string> key = sort.TrimStart('-') switch { "email" => m => m.Email ?? "", "role" => m => m.Role, _ => m => m.Principal };
        var ordered = all.OrderBy(key, StringComparer.Ordinal).ThenBy(m => m.Principal, StringComparer.Ordinal).Select(m => m.Principal);
        all.Select(m => m.Principal).ShouldBe(sort[0] == '-' ? ordered.Reverse() : ordered);
        using var wrong = await owner.Http.GetAsync($"{Path(tenant)}?sort=shoes", Cancel);
        await wrong.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
    }

    [Fact]
    public async Task Only_an_owner_makes_changes_or_removes_owners()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var owner = await Person.NewAsync(control, tenant, TenantRoles.Owner);
        using var developer = await Person.NewAsync(control, tenant, TenantRoles.Developer);

        using var makes = await PutAsync(admin, tenant, developer.Principal, TenantRoles.Owner);
        using var demotes = await PutAsync(admin, tenant, owner.Principal, TenantRoles.Billing);
        using var removes = await admin.DeleteAsync($"{Path(tenant)}/{owner.Principal}", Cancel);
        using var invites = await admin.PostAsync($"/api/v1/tenants/{tenant}/invitations", new { email = "x@example.com", role = "owner" });

        foreach (var answer in new[] { makes, demotes, removes, invites })
            (await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden)).GetProperty("detail").GetString()!.ShouldContain("owner");
        using var changed = await PutAsync(admin, tenant, developer.Principal, TenantRoles.Billing);
        (await changed.ShouldBeAsync<MemberAnswer>(HttpStatusCode.OK)).Role.ShouldBe(TenantRoles.Billing);
        using var promoted = await PutAsync(owner.Http, tenant, developer.Principal, TenantRoles.Owner);
        (await promoted.ShouldBeAsync<MemberAnswer>(HttpStatusCode.OK)).Role.ShouldBe(TenantRoles.Owner);
        using var removed = await owner.Http.DeleteAsync($"{Path(tenant)}/{developer.Principal}", Cancel);
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task The_last_owner_cannot_leave_be_removed_or_demoted()
    {
        var (tenant, _) = await control.TenantAsync();
        using var owner = await Person.NewAsync(control, tenant, TenantRoles.Owner);
        using var developer = await Person.NewAsync(control, tenant, TenantRoles.Developer);

        using var leaves = await owner.Http.DeleteAsync($"{Path(tenant)}/me", Cancel);
        using var removed = await owner.Http.DeleteAsync($"{Path(tenant)}/{owner.Principal}", Cancel);
        using var demoted = await PutAsync(owner.Http, tenant, owner.Principal, TenantRoles.Admin);
        using var goes = await developer.Http.DeleteAsync($"{Path(tenant)}/me", Cancel);
        using var gone = await developer.Http.GetAsync(Path(tenant), Cancel);

        foreach (var answer in new[] { leaves, removed, demoted })
            await answer.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.LastOwner);
        goes.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Owners_that_demote_each_other_at_the_same_time_leave_one()
    {
        for (var round = 0; round < 5; round++)
        {
            var (tenant, _) = await control.TenantAsync();
            using var one = await Person.NewAsync(control, tenant, TenantRoles.Owner);
            using var two = await Person.NewAsync(control, tenant, TenantRoles.Owner);

            var answers = await Task.WhenAll(
                PutAsync(one.Http, tenant, two.Principal, TenantRoles.Admin), PutAsync(two.Http, tenant, one.Principal, TenantRoles.Admin));

            answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
            answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK || a.StatusCode == HttpStatusCode.Conflict || a.StatusCode == HttpStatusCode.Forbidden);
            (await control.Database.InPlatformAsync((db, ct) => db.Memberships.CountAsync(m => m.TenantId == tenant && m.Role == TenantRoles.Owner, ct), Cancel)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_role_that_groups_decide_is_not_set_by_hand_and_a_lost_race_is_412()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var member = await Person.NewAsync(control, tenant, TenantRoles.Developer);
        using var stale = await PutAsync(admin, tenant, member.Principal, TenantRoles.Billing, "\"v9\"");
        await control.Database.InPlatformAsync(
            (db, ct) => db.Memberships.Where(m => m.Principal == member.Principal).ExecuteUpdateAsync(m => m.SetProperty(r => r.IdentityProviderId, Guid.NewGuid()), ct), Cancel);

        using var managed = await PutAsync(admin, tenant, member.Principal, TenantRoles.Billing);

        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        await managed.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.RoleManaged);
    }

    private Task<int> ProgramAsync(TenantId tenant, string clientId) => control.Database.InPlatformAsync(
        (db, ct) =>
        {
            db.ServiceClients.Add(new() { TenantId = tenant, Id = Guid.NewGuid(), ClientId = clientId, Name = "p", CreatedBy = "test", CreatedAt = DateTimeOffset.UtcNow });
            db.Memberships.Add(new() { TenantId = tenant, Principal = clientId, Role = TenantRoles.Developer, CreatedAt = DateTimeOffset.UtcNow });
            return db.SaveChangesAsync(ct);
        },
        Cancel);

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/members";

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, TenantId tenant, string principal, string role, string tag = "*")
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"{Path(tenant)}/{principal}") { Content = JsonContent.Create(new MemberRequest { Role = role }) };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        return http.SendAsync(request, Cancel);
    }
}
