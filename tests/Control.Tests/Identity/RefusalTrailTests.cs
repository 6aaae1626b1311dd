using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;
using Platform.Control.Identity;
using Platform.Control.Identity.Accounts;

namespace Platform.Control.Tests.Identity;

/// <summary>Whoever guesses does not fill the audit trail: attempts are counted, and a row says how many.</summary>
public sealed class RefusalTrailTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failures_of_a_user_are_one_row_a_minute_and_one_for_each_lockout_in_every_trail()
    {
        var (tenant, _) = await control.TenantAsync();
        var email = await control.UserAsync();
        var id = (await control.FindAsync(email)).Id.ToString();
        await control.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Memberships.Add(new() { TenantId = tenant, Principal = id, Role = TenantRoles.Developer, CreatedAt = DateTimeOffset.UtcNow });
                return db.SaveChangesAsync(ct);
            },
            Cancel);
        using var browser = new Browser(control);

        for (var i = 0; i < Guesses.Most + 5; i++)
            await browser.RefusalAsync(email, "a wrong password");

        foreach (var trail in new[] { TenantId.Platform, tenant })
            (await control.EventsAsync(id, trail)).ConvertAll(e => e.Action).ShouldBe(["sign-in.failed", "sign-in.locked-out"]);
    }

    [Fact]
    public async Task Failures_of_unknown_names_are_one_row_a_minute_in_all()
    {
        using var browser = new Browser(control);
        for (var i = 0; i < 4; i++)
            await browser.RefusalAsync($"{Guid.NewGuid():N}@example.com", "a wrong password");

        (await UnknownAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_row_says_how_many_refusals_it_stands_for_and_what_nobody_comes_after_is_written_too()
    {
        var clock = new SetClock();
        var counts = new RefusalCounts(clock);
        var user = Guid.NewGuid();

        counts.Add(SecurityEvent.SignInFailed, user).ShouldBe(new(SecurityEvent.SignInFailed, user, 1));
        for (var i = 0; i < 6; i++)
            counts.Add(SecurityEvent.SignInFailed, user).ShouldBeNull();
        counts.Add(SecurityEvent.SignInFailed, Guid.NewGuid()).ShouldNotBeNull();
        counts.TakeQuiet().ShouldBeEmpty();
        clock.At = TimeSpan.FromMinutes(1);
        counts.Add(SecurityEvent.SignInFailed, user).ShouldBe(new(SecurityEvent.SignInFailed, user, 7));
        counts.Add(SecurityEvent.SignInFailed, user).ShouldBeNull();
        counts.Add(SecurityEvent.SignInFailed, user).ShouldBeNull();
        clock.At = TimeSpan.FromMinutes(2);
        counts.TakeQuiet().ShouldBe([new(SecurityEvent.SignInFailed, user, 2)]);
        clock.At = TimeSpan.FromMinutes(3);
        counts.TakeQuiet().ShouldBeEmpty();
        counts.Add(SecurityEvent.SignInFailed, user).ShouldNotBeNull();
        counts.Add(SecurityEvent.SignInFailed, user).ShouldBeNull();
        counts.TakeQuiet(all: true).ShouldBe([new(SecurityEvent.SignInFailed, user, 1)]);
    }

    [Fact]
    public void Each_lockout_has_one_row_and_what_is_refused_while_it_lasts_counts_as_failed()
    {
        var clock = new SetClock();
        var counts = new RefusalCounts(clock);
        var user = Guid.NewGuid();
        counts.Add(SecurityEvent.SignInFailed, user);

        counts.Add(SecurityEvent.LockedOut, user).ShouldBe(new(SecurityEvent.LockedOut, user, 1));
        for (var i = 0; i < 10; i++)
            counts.Add(SecurityEvent.LockedOut, user).ShouldBeNull();
        clock.At = Guesses.Lockout;
        counts.TakeQuiet().ShouldBe([new(SecurityEvent.SignInFailed, user, 10)]);
        counts.Add(SecurityEvent.LockedOut, user).ShouldBe(new(SecurityEvent.LockedOut, user, 1));
    }

    [Fact]
    public void However_many_users_are_tried_no_more_than_the_bound_is_remembered()
    {
        var counts = new RefusalCounts(new SetClock());

        var rows = Enumerable.Range(0, RefusalCounts.MaxUsers + 50).Select(_ => counts.Add(SecurityEvent.SignInFailed, Guid.NewGuid())).ToList();

        rows.Count(r => r is not null).ShouldBe(RefusalCounts.MaxUsers + 1);
        rows[RefusalCounts.MaxUsers]!.User.ShouldBeNull();
        counts.TakeQuiet(all: true).ShouldBe([new(SecurityEvent.SignInFailed, null, 49)]);
    }

    private Task<List<AuditEventRow>> UnknownAsync() => control.Database.InPlatformAsync(
        (db, ct) => db.AuditEvents.AsNoTracking().Where(e => e.Action == "sign-in.failed" && e.Actor == "unknown").ToListAsync(ct), Cancel);

    private sealed class SetClock : TimeProvider
    {
        public TimeSpan At { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => At.Ticks;
    }
}
