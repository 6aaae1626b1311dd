using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;

namespace Platform.Control.Tests.Members;

/// <summary>How many invitations a tenant has open, and how many mails it sends to one address.</summary>
public sealed class InvitationBoundTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_has_one_open_invitation_of_a_tenant()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (other, elsewhere) = await control.TenantAsync();

        using var first = await InviteAsync(admin, tenant, "twice@example.com");
        using var second = await InviteAsync(admin, tenant, " Twice@example.com ".Trim());
        using var another = await InviteAsync(elsewhere, other, "twice@example.com");

        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await second.ShouldBeProblemAsync(HttpStatusCode.Conflict, "invitation_open")).GetProperty("detail").GetString()!.ShouldContain("Revoke");
        another.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_address_gets_three_mails_a_day_from_a_tenant()
    {
        var (tenant, admin) = await control.TenantAsync();
        for (var i = 0; i < 3; i++)
        {
            using var made = await InviteAsync(admin, tenant, "often@example.com");
            var id = (await made.ShouldBeAsync<CreatedInvitationAnswer>(HttpStatusCode.Created)).Invitation.Id;
            using var revoked = await admin.DeleteAsync($"{Path(tenant)}/{id}", Cancel);
            revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        using var fourth = await InviteAsync(admin, tenant, "often@example.com");
        using var another = await InviteAsync(admin, tenant, "seldom@example.com");
        await control.Database.InPlatformAsync(
            (db, ct) => db.Database.ExecuteSqlAsync($"UPDATE invitations SET created_at = created_at - interval '1 day' WHERE tenant_id = {tenant.Value}", ct), Cancel);
        using var nextDay = await InviteAsync(admin, tenant, "often@example.com");

        await fourth.ShouldBeProblemAsync(HttpStatusCode.Conflict, "too_many_mails");
        another.StatusCode.ShouldBe(HttpStatusCode.Created);
        nextDay.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_tenant_has_two_hundred_invitations_open()
    {
        var (tenant, admin) = await control.TenantAsync();
        await control.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Invitations.AddRange(Enumerable.Range(0, 199).Select(i => Open(tenant, $"p{i}@example.com")));
                return db.SaveChangesAsync(ct);
            },
            Cancel);

        using var last = await InviteAsync(admin, tenant, "last@example.com");
        using var beyond = await InviteAsync(admin, tenant, "beyond@example.com");
        var id = (await last.ShouldBeAsync<CreatedInvitationAnswer>(HttpStatusCode.Created)).Invitation.Id;
        using var revoked = await admin.DeleteAsync($"{Path(tenant)}/{id}", Cancel);
        using var again = await InviteAsync(admin, tenant, "beyond@example.com");

        await beyond.ShouldBeProblemAsync(HttpStatusCode.Conflict, "too_many_invitations");
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static InvitationRow Open(TenantId tenant, string email) => new()
    {
        TenantId = tenant,
        Id = Guid.CreateVersion7(),
        Email = email,
        Role = TenantRoles.Developer,
        TokenHash = Guid.NewGuid().ToByteArray(),
        CreatedBy = "test",
        CreatedAt = DateTimeOffset.UtcNow,
        ExpiresAt = DateTimeOffset.UtcNow.AddDays(1),
    };

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/invitations";

    private static Task<HttpResponseMessage> InviteAsync(HttpClient http, TenantId tenant, string email) =>
        http.PostAsync(Path(tenant), new CreateInvitationRequest { Email = email, Role = TenantRoles.Developer });
}
