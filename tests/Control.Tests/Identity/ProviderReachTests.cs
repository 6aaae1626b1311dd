using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Tests.Identity;

/// <summary>Who is signed in by a tenant's provider sees and ends nothing of what the same person does elsewhere.</summary>
public sealed class ProviderReachTests(ExternalControl system) : IClassFixture<ExternalControl>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_lists_and_ends_sessions_of_that_provider_only()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        using var browser = system.NewBrowser();
        var (http, user) = await SignInAsync(tenant, browser);
        var elsewhere = await OwnSessionAsync(user);

        var listed = await http.GetAsync<List<SessionAnswer>>("/api/v1/me/sessions");
        using var ended = await http.DeleteAsync($"/api/v1/me/sessions/{elsewhere}", Cancel);
        using var page = await browser.GetAsync("/identity/account/sessions");

        listed.ShouldHaveSingleItem().ShouldSatisfyAllConditions(s => s.Id.ShouldNotBe(elsewhere), s => s.IsCurrent.ShouldBeTrue());
        ended.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await page.Content.ReadAsStringAsync(Cancel)).ShouldNotContain(elsewhere.ToString());
        using var all = await http.DeleteAsync("/api/v1/me/sessions", Cancel);
        all.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await EndedAsync(user)).ShouldNotContain(elsewhere);
        using var gone = await http.GetAsync("/api/v1/me", Cancel);
        gone.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task It_shows_no_sign_ups()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        var (http, user) = await SignInAsync(tenant);
        await AddAsync(new SignUpRow
        {
            Id = Guid.NewGuid(),
            Principal = user,
            TenantName = "Elsewhere",
            Slug = $"e{Guid.NewGuid():N}"[..20],
            State = SignUpStates.Refused,
            CreatedAt = DateTimeOffset.UtcNow,
        });

        (await http.GetAsync<Page<SignUpAnswer>>("/api/v1/sign-ups/mine")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Its_sign_in_stands_in_the_trails_of_that_tenant_and_the_platform_and_in_no_other()
    {
        var tenant = await system.TenantWithProviderAsync(TenantRoles.Developer);
        var (elsewhere, _) = await system.App.TenantAsync();
        var (_, user) = await SignInAsync(tenant);
        await AddAsync(new MembershipRow { TenantId = elsewhere, Principal = user, Role = TenantRoles.Owner, CreatedAt = DateTimeOffset.UtcNow });
        using var browser = system.NewBrowser();

        var (http, _) = await SignInAsync(tenant, browser);
        using var ended = await http.DeleteAsync("/api/v1/me/sessions", Cancel);

        (await TrailAsync(elsewhere, user)).ShouldBeEmpty();
        foreach (var trail in new[] { TenantId.Platform, tenant.Tenant })
            (await TrailAsync(trail, user)).ShouldBe(["sign-in.succeeded", "sign-in.succeeded", "session.end"], trail.ToString());
    }

    private async Task<(HttpClient Http, string User)> SignInAsync(TenantProvider tenant, ExternalBrowser? with = null)
    {
        var browser = with ?? system.NewBrowser();
        using var answer = await browser.SignInAsync(tenant.Row.Id);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var http = system.App.With(await browser.AccessTokenAsync());
        return (http, (await http.GetAsync<MeAnswer>("/api/v1/me")).Subject);
    }

    /// <summary>A session of the same person that no provider began.</summary>
    private async Task<Guid> OwnSessionAsync(string user)
    {
        await using var scope = system.App.Services.CreateAsyncScope();
        var identity = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        var person = await identity.Users.SingleAsync(u => u.Id == Guid.Parse(user), Cancel);
        var (id, now) = (Guid.NewGuid(), DateTimeOffset.UtcNow);
        identity.Sessions.Add(new()
        {
            Id = id,
            UserId = person.Id,
            Stamp = person.SecurityStamp!,
            Method = "password",
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now.AddHours(1),
            Address = "192.0.2.7",
        });
        await identity.SaveChangesAsync(Cancel);
        return id;
    }

    private async Task<List<Guid>> EndedAsync(string user)
    {
        await using var scope = system.App.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IdentityDb>().Sessions
            .Where(s => s.UserId == Guid.Parse(user) && s.EndedAt != null).Select(s => s.Id).ToListAsync(Cancel);
    }

    private async Task<List<string>> TrailAsync(TenantId trail, string user) => (await system.App.EventsAsync(user, trail))
        .Where(e => e.Action.StartsWith("sign-in.s", StringComparison.Ordinal) || e.Action.StartsWith("session", StringComparison.Ordinal)).Select(e => e.Action).ToList();

    private Task<int> AddAsync(object row) => system.App.Database.InPlatformAsync(
        (db, ct) =>
        {
            db.Add(row);
            return db.SaveChangesAsync(ct);
        },
        Cancel);
}
