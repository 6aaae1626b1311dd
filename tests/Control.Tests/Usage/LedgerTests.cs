using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Control.Usage;

namespace Platform.Control.Tests.Usage;

public sealed class LedgerTests(Servers servers) : UsageTestBase(servers)
{
    [Fact]
    public async Task A_batch_that_comes_twice_and_at_once_is_stored_exactly_once()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        var records = Enumerable.Range(1, 200).Select(i => agent.Record(tenant, i)).ToList();
        var message = agent.Batch(records);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Intake.HandleAsync(message, Ct)));
        await Intake.HandleAsync(message, Ct);

        (await StoredAsync()).Order().ShouldBe(records.Select(r => r.Id.Value).Order());
        (await QuarantineAsync()).ShouldBeEmpty();
        await TotalsEqualRecordsAsync();
    }

    [Fact]
    public async Task Batches_that_overlap_and_come_together_add_up()
    {
        var tenants = new[] { await TenantAsync(), await TenantAsync(), await TenantAsync() };
        var agents = new[] { await AgentAsync(), await AgentAsync() };
        var random = new Random(20260701);
        var start = DateTimeOffset.UtcNow;
        var messages = agents.SelectMany(agent =>
        {
            var records = Enumerable.Range(1, 300)
                .Select(i => agent.Record(tenants[random.Next(3)], i, start.AddHours(-random.Next(72))) with { Status = i % 7 == 0 ? 502 : 200, InputTokens = 50 + i })
                .ToList();
            return Enumerable.Range(0, 12).Select(_ => agent.Batch(records.OrderBy(_ => random.Next()).Take(150).ToList()));
        }).ToList();

        await Parallel.ForEachAsync(messages, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct }, async (m, ct) => await Intake.HandleAsync(m, ct));

        (await StoredAsync()).Count.ShouldBeGreaterThan(590);
        await TotalsEqualRecordsAsync();
    }

    [Fact]
    public async Task A_forged_batch_is_quarantined_whole()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        var message = agent.Batch(agent.Record(tenant, 1));
        var forged = message with { Signature = agent.Batch(agent.Record(tenant, 2)).Signature };

        await Intake.HandleAsync(forged, Ct);
        await Intake.HandleAsync(message with { Sender = (await AgentAsync()).Id }, Ct);
        await Intake.HandleAsync(message with { Sender = AgentId.New() }, Ct);
        await Intake.HandleAsync(message with { Sender = null }, Ct);

        (await StoredAsync()).ShouldBeEmpty();
        (await QuarantineAsync()).Select(q => q.Reason).Order().ShouldBe(
            [QuarantineReasons.AgentUnknown, QuarantineReasons.AgentUnknown, QuarantineReasons.SignatureInvalid, QuarantineReasons.SignatureInvalid]);
    }

    [Fact]
    public async Task A_record_for_a_tenant_of_another_group_is_quarantined_and_the_rest_is_stored()
    {
        var mine = await TenantAsync();
        var foreign = await TenantAsync(await GroupAsync("elsewhere"));
        var agent = await AgentAsync();
        var (good, bad, unknown) = (agent.Record(mine, 1), agent.Record(foreign, 2), agent.Record(TenantId.New(), 3));
        var absurd = agent.Record(mine, 4) with { OutputTokens = -5 };
        var message = agent.Batch(good, bad, unknown, absurd);

        await Intake.HandleAsync(message, Ct);
        await Intake.HandleAsync(message, Ct);

        (await StoredAsync()).ShouldBe([good.Id.Value]);
        (await QuarantineAsync()).Select(q => q.Reason).Order().ShouldBe(
            [QuarantineReasons.TenantNotServed, QuarantineReasons.TenantNotServed, "tokens_out_of_range"]);
        (await WatermarkAsync(agent)).Contiguous.ShouldBe(4);
        await TotalsEqualRecordsAsync();
    }

    [Fact]
    public async Task What_was_dispatched_before_a_tenant_left_is_still_stored()
    {
        var (tenant, agent) = (await TenantAsync(await GroupAsync("elsewhere")), await AgentAsync());
        await Database.InPlatformAsync(
            async (db, ct) =>
            {
                db.ConfigResources.Add(new() { TenantId = tenant, GroupName = AgentGroupName.Default, Kind = "tenant", Key = tenant.ToString(), Revision = 10 });
                return await db.SaveChangesAsync(ct);
            },
            Ct);
        var (before, after) = (agent.Record(tenant, 1) with { ConfigRevision = 9 }, agent.Record(tenant, 2) with { ConfigRevision = 10 });

        await Intake.HandleAsync(agent.Batch(before, after), Ct);

        (await StoredAsync()).ShouldBe([before.Id.Value]);
        (await QuarantineAsync()).ShouldHaveSingleItem().Reason.ShouldBe(QuarantineReasons.TenantNotServed);
    }

    [Fact]
    public async Task A_revoked_agents_batch_is_quarantined()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        await Database.InPlatformAsync((db, ct) => db.Agents.ExecuteUpdateAsync(a => a.SetProperty(r => r.RevokedAt, DateTimeOffset.UtcNow), ct), Ct);

        await Intake.HandleAsync(agent.Batch(agent.Record(tenant, 1)), Ct);

        (await StoredAsync()).ShouldBeEmpty();
        (await QuarantineAsync()).ShouldHaveSingleItem().Reason.ShouldBe(QuarantineReasons.AgentRevoked);
    }

    [Fact]
    public async Task A_signed_body_that_is_no_batch_is_quarantined_bounded_and_once()
    {
        var agent = await AgentAsync();
        var message = agent.Message(BusTopology.UsageBatchType, [.. Enumerable.Repeat((byte)'x', 200_000)]);

        await Intake.HandleAsync(message, Ct);
        await Intake.HandleAsync(message, Ct);
        await Intake.HandleAsync(agent.Message("other-type", "{}"u8.ToArray()), Ct);

        var kept = await QuarantineAsync();
        kept.Count.ShouldBe(2);
        kept.ShouldAllBe(q => q.Reason == QuarantineReasons.Unreadable && q.Body.Length <= 64 * 1024);
    }

    [Fact]
    public async Task A_day_is_the_utc_date_of_the_start()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        var today = new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero);
        var record = agent.Record(tenant, 1, new(today.DateTime.AddHours(1).AddDays(-1).AddHours(1), TimeSpan.FromHours(5)));

        await Intake.HandleAsync(agent.Batch(record), Ct);

        var day = await Database.InIngestAsync((db, ct) => db.UsageRecords.Select(r => r.Day).SingleAsync(ct), Ct);
        day.ShouldBe(DateOnly.FromDateTime(today.UtcDateTime.AddDays(-2)));
    }

    [Fact]
    public async Task While_the_database_lets_nobody_in_a_batch_waits_and_then_is_stored()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        await LetInAsync(false);

        var handling = Intake.HandleAsync(agent.Batch(agent.Record(tenant, 1)), Ct);
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        handling.IsCompleted.ShouldBeFalse();
        await LetInAsync(true);

        await handling.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        (await StoredAsync()).Count.ShouldBe(1);
        (await QuarantineAsync()).ShouldBeEmpty();
    }
}
