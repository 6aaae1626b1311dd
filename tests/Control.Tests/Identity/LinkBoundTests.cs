using Microsoft.Extensions.DependencyInjection;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.External;

namespace Platform.Control.Tests.Identity;

/// <summary>Whoever asks, however often: an address gets so many mails a day, a provider so many rows a minute, a state one answer.</summary>
public sealed class LinkBoundTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_gets_ten_mails_of_a_purpose_a_day_and_then_again()
    {
        var user = await control.FindAsync(await control.UserAsync());
        await using var scope = control.Services.CreateAsyncScope();
        var clock = new SetClock();
        var links = new OneTimeLinks(scope.ServiceProvider.GetRequiredService<IdentityDb>(), clock);
        var made = 0;
        for (var i = 0; i < 40; i++, clock.Now += TimeSpan.FromMinutes(3))
            made += await links.MakeAsync(user.Id, LinkPurposes.ResetPassword, Cancel) is null ? 0 : 1;
        await links.PruneAsync(clock.Now, Cancel);

        (await links.MakeAsync(user.Id, LinkPurposes.ResetPassword, Cancel)).ShouldBeNull("also when the link itself ran out");
        (await links.MakeAsync(user.Id, LinkPurposes.ConfirmEmail, Cancel)).ShouldNotBeNull();
        clock.Now += TimeSpan.FromDays(1);
        (await links.MakeAsync(user.Id, LinkPurposes.ResetPassword, Cancel)).ShouldNotBeNull();
        made.ShouldBe(10);
    }

    [Fact]
    public void Refusals_of_a_provider_for_one_reason_are_counted_for_a_minute()
    {
        var clock = new SetClock();
        var pauses = new RefusalPauses(clock);
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());

        (pauses.Add(one, "groups"), pauses.Add(one, "groups"), pauses.Add(one, "groups")).ShouldBe((1, null, null));
        (pauses.Add(one, "address"), pauses.Add(other, "groups")).ShouldBe((1, 1));
        clock.Now += TimeSpan.FromMinutes(1);
        pauses.Add(one, "groups").ShouldBe(3);
    }

    [Fact]
    public void A_state_is_taken_once()
    {
        var used = new UsedStates(new SetClock());

        (used.TryTake("a", DateTimeOffset.MaxValue), used.TryTake("a", DateTimeOffset.MaxValue), used.TryTake("b", DateTimeOffset.MaxValue)).ShouldBe((true, false, true));
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.Ticks;
    }
}
