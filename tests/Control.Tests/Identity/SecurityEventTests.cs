using System.Net;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts.Api;

namespace Platform.Control.Tests.Identity;

/// <summary>What happens to accounts stands in the audit trail, or it does not happen.</summary>
public sealed class SecurityEventTests(ControlApp control, Servers servers) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sign_in_stands_in_the_platforms_trail_and_in_that_of_the_users_tenants()
    {
        var email = await control.UserAsync();
        var user = await control.FindAsync(email);
        var (tenant, admin) = await control.TenantAsync();
        admin.Dispose();
        await control.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Memberships.Add(new() { TenantId = tenant, Principal = user.Id.ToString(), Role = TenantRoles.Developer, CreatedAt = DateTimeOffset.UtcNow });
                return db.SaveChangesAsync(ct);
            },
            Cancel);
        using var browser = new Browser(control);

        await browser.RefusalAsync(email, "a wrong password");
        await browser.SignedInAsync(email, ControlApp.Password);
        using var signedOut = await browser.GetAsync("/connect/end-session");

        foreach (var trail in new[] { await control.EventsAsync(user.Id.ToString()), await control.EventsAsync(user.Id.ToString(), tenant) })
        {
            trail.ConvertAll(e => e.Action).ShouldBe(["sign-in.failed", "sign-in.succeeded", "sign-out"]);
            foreach (var e in trail)
            {
                e.Target.ShouldBe(user.Id.ToString());
                e.ActorKind.ShouldBe(ActorKinds.User);
                e.Outcome.ShouldBe(e.Action == "sign-in.failed" ? AuditOutcomes.Failed : AuditOutcomes.Success);
                e.UserAgent.ShouldBe(Browser.UserAgent);
                e.Address.ShouldNotBeNullOrEmpty();
                (e.Details?.ToString() ?? "").ShouldNotContain(ControlApp.Password);
            }
        }
    }

    [Fact]
    public async Task Of_an_unknown_address_nothing_is_recorded_but_that_somebody_tried()
    {
        var nobody = $"{Guid.NewGuid():N}@example.com";
        using var browser = new Browser(control);

        await browser.RefusalAsync(nobody, "a wrong password");

        var all = await control.Database.InPlatformAsync((db, ct) => db.AuditEvents.AsNoTracking().ToListAsync(ct), Cancel);
        all.ShouldContain(e => e.Action == "sign-in.failed" && e.Actor == "unknown" && e.Target == "unknown");
        all.ShouldAllBe(e => !e.Actor.Contains(nobody) && !e.Target.Contains(nobody) && !(e.Details.ToString() ?? "").Contains(nobody));
    }

    [Fact]
    public async Task A_sign_in_that_cannot_be_recorded_fails_and_a_refusal_stays_one()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        await using var owner = NpgsqlDataSource.Create(servers.Owner(control.DatabaseSettings));
        await using var broken = owner.CreateCommand("ALTER TABLE audit_events RENAME TO audit_events_away");
        await using var mended = owner.CreateCommand("ALTER TABLE audit_events_away RENAME TO audit_events");
        await broken.ExecuteNonQueryAsync(Cancel);
        try
        {
            using var right = await browser.SignInAsync(email, ControlApp.Password);
            await browser.RefusalAsync(email, "a wrong password");
            using var account = await browser.GetAsync("/identity/account");

            right.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            account.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }
        finally
        {
            await mended.ExecuteNonQueryAsync(Cancel);
        }
        await browser.SignedInAsync(email, ControlApp.Password);
    }
}
