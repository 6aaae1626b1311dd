using System.Net;
using Platform.Contracts.Api;

namespace Platform.Control.Tests.Members;

/// <summary>An operator acts in a tenant by an exchanged token only, and leaves nothing there that acts on.</summary>
public sealed class OperatorMemberTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OperatorRoles.Operator)]
    [InlineData(OperatorRoles.Viewer)]
    public async Task A_membership_of_an_operators_counts_for_nothing(string role)
    {
        var (tenant, _) = await control.TenantAsync();
        using var person = await Person.NewAsync(control, tenant, TenantRoles.Owner);
        using var before = await person.Http.PostAsync($"/api/v1/tenants/{tenant}/projects", new { name = "before" });
        await control.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Operators.Add(new() { Principal = person.Principal, Role = role, CreatedAt = DateTimeOffset.UtcNow });
                return db.SaveChangesAsync(ct);
            },
            Cancel);

        using var project = await person.Http.PostAsync($"/api/v1/tenants/{tenant}/projects", new { name = "after" });
        using var client = await person.Http.PostAsync($"/api/v1/tenants/{tenant}/service-clients", new { name = "program", role = "admin", scopes = new[] { "platform.api" } });

        before.StatusCode.ShouldBe(HttpStatusCode.Created, await before.Content.ReadAsStringAsync(Cancel));
        project.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        client.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_operator_takes_no_invitation()
    {
        var (tenant, _) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        using var person = await Person.NewAsync(control);
        var invited = await http.CreateAsync<CreatedInvitationAnswer>($"/api/v1/operator/tenants/{tenant}/invitations", new { email = person.Email, role = "owner" });
        await control.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Operators.Add(new() { Principal = person.Principal, Role = OperatorRoles.Operator, CreatedAt = DateTimeOffset.UtcNow });
                return db.SaveChangesAsync(ct);
            },
            Cancel);
        var token = System.Web.HttpUtility.ParseQueryString(invited.AcceptUrl!.Query)["token"]!;

        using var accepted = await person.Http.PostAsync("/api/v1/invitations/accept", new { token });

        await accepted.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
    }

    [Fact]
    public async Task A_raised_token_makes_no_program_that_outlives_it()
    {
        var (tenant, _) = await control.TenantAsync();
        using var entered = await control.EnterAsync(await control.OperatorWithTokenAsync(), tenant, raised: true);

        using var project = await entered.PostAsync($"/api/v1/tenants/{tenant}/projects", new { name = "by an operator" });
        using var client = await entered.PostAsync($"/api/v1/tenants/{tenant}/service-clients", new { name = "program", role = "admin", scopes = new[] { "platform.api" } });

        project.StatusCode.ShouldBe(HttpStatusCode.Created);
        client.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
