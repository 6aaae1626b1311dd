using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;
using Platform.Gateway.Limits;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests.Limits;

/// <summary>A tenant's quotas as they are looked up, and how long what was used of them is remembered.</summary>
public sealed class QuotaTableTests
{
    [Fact]
    public void Quotas_are_found_by_what_they_are_for()
    {
        QuotaEntry[] quotas =
        [
            SomeExchange.Quota(new(1)), SomeExchange.Quota(new(2), model: "m"), SomeExchange.Quota(new(3), LimitScopes.Project), SomeExchange.Quota(new(4), LimitScopes.Key),
            SomeExchange.Quota(new(5), LimitScopes.Key),
        ];

        var table = QuotaTable.Of(quotas);

        table.OfTenant!.All.ShouldBe([quotas[0]]);
        table.OfTenant.ByModel!["m"].ShouldBe([quotas[1]]);
        table.Of(SomeExchange.Project)!.All.ShouldBe([quotas[2]]);
        table.Of(SomeExchange.Key)!.All.ShouldBe([quotas[3], quotas[4]]);
        table.Of(ApiKeyId.From(SomeExchange.Project.Value)).ShouldBeNull();
        table.Of(ProjectId.From(SomeExchange.Key.Value)).ShouldBeNull();
        QuotaTable.Of([]).ShouldBeSameAs(QuotaTable.Empty);
    }

    [Fact]
    public void Limits_that_are_made_stricter_are_those_that_hold()
    {
        var quota = SomeExchange.Quota(new(10));
        var policies = new TenantPolicies([quota], [], [], [], null, null);

        var stricter = policies with { Quotas = [quota with { Limits = new(5) }] };

        stricter.QuotaTable.OfTenant!.All.Single().Limits.RequestsPerMinute.ShouldBe(5);
        policies.QuotaTable.OfTenant!.All.Single().Limits.RequestsPerMinute.ShouldBe(10);
    }

    [Fact]
    public async Task What_is_over_is_swept_from_time_to_time()
    {
        var (time, states, current) = (new ManualTime(), new QuotaStates(), new CurrentSnapshot());
        current.Set(Snapshot.Empty);
        states.Of(Guid.NewGuid(), SomeExchange.Tenant);
        using var sweep = new QuotaSweep(states, current, time);

        await sweep.StartAsync(TestContext.Current.CancellationToken);
        await Until.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            return states.Count == 0;
        });
        await sweep.StopAsync(TestContext.Current.CancellationToken);
    }
}
