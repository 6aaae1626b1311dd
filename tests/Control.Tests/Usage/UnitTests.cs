using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Contracts.Usage;
using Platform.Control.Usage;

namespace Platform.Control.Tests.Usage;

/// <summary>Units besides tokens, the tries of a request and answers from a cache, from the batch to the totals and the export.</summary>
public sealed class UnitTests(Servers servers) : UsageTestBase(servers)
{
    private static readonly UsageAttempt[] Attempts =
    [
        new(PoolId.New(), EndpointId.New(), "upstream_unreachable", 12.5, 7, 3),
        new(PoolId.New(), EndpointId.New(), null, 80),
    ];

    [Fact]
    public async Task Units_and_tries_are_stored_and_read_as_they_came()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        var sent = Full(agent, tenant, 1);
        var plain = agent.Record(tenant, 2);

        await Intake.HandleAsync(agent.Batch(sent, plain), Ct);

        var read = await ReadAsync(tenant);
        read.Count.ShouldBe(2);
        read[0].Attempts.ShouldBe(Attempts);
        (read[0] with { Attempts = null, StartedAt = default }).ShouldBe(sent with { Attempts = null, StartedAt = default });
        (read[1].Attempts, read[1].Images, read[1].Cached).ShouldBe((null, 0, false));
        (await QuarantineAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Totals_sum_units_up_and_of_answers_from_a_cache_only_how_many_they_were()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        UsageRecord[] records = [Full(agent, tenant, 1), Full(agent, tenant, 2), Full(agent, tenant, 3) with { Cached = true, Attempts = null }];

        await Intake.HandleAsync(agent.Batch(records), Ct);
        await Intake.HandleAsync(agent.Batch(records), Ct);

        foreach (var bucket in new[] { "hour", "day" })
        {
            var unit = UsageBucket.TryParse(bucket)!;
            var period = unit.Widen(new(records[0].StartedAt.AddHours(-1), records[0].StartedAt.AddHours(1)));
            var rows = await Database.InTenantAsync(tenant, (db, ct) => unit.ReadAsync(db, tenant, period, ct), Ct);
            UsageBucket.Total(rows).ShouldBe(new(3, 0, 240, 40, 80, 10, 0, 60, 20, 4, 24.5, 1000, 1));
        }
    }

    [Fact]
    public async Task A_batch_of_cached_answers_only_adds_no_units()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();

        await Intake.HandleAsync(agent.Batch(Full(agent, tenant, 1) with { Cached = true }), Ct);

        var day = await Database.InTenantAsync(tenant, (db, ct) => db.UsageDays.AsNoTracking().SingleAsync(ct), Ct);
        (day.Requests, day.CachedAnswers, day.InputTokens, day.Images, day.AudioSeconds).ShouldBe((1, 1, 0, 0, 0));
    }

    [Fact]
    public async Task A_record_of_an_older_agent_is_read_and_stored()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        var batch = JsonSerializer.SerializeToNode(new UsageBatch(agent.Id, [agent.Record(tenant, 1)]), WireJson.Default.UsageBatch)!;
        var record = batch["records"]![0]!.AsObject();
        foreach (var name in new[] { "outputAudioTokens", "images", "audioSeconds", "characters", "attempts", "cached" })
            record.Remove(name);

        await Intake.HandleAsync(agent.Message(BusTopology.UsageBatchType, Encoding.UTF8.GetBytes(batch.ToJsonString())), Ct);

        var read = (await ReadAsync(tenant)).ShouldHaveSingleItem();
        (read.InputTokens, read.Images, read.AudioSeconds, read.Cached, read.Attempts).ShouldBe((120, 0, 0, false, null));
        (await QuarantineAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_null_among_the_tries_is_quarantined_and_the_rest_is_stored()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        var batch = JsonSerializer.SerializeToNode(new UsageBatch(agent.Id, [Full(agent, tenant, 1), agent.Record(tenant, 2)]), WireJson.Default.UsageBatch)!;
        batch["records"]![0]!["attempts"]!.AsArray()[0] = null;

        await Intake.HandleAsync(agent.Message(BusTopology.UsageBatchType, Encoding.UTF8.GetBytes(batch.ToJsonString())), Ct);

        (await ReadAsync(tenant)).ShouldHaveSingleItem().Sequence.ShouldBe(2);
        (await QuarantineAsync()).ShouldHaveSingleItem().Reason.ShouldBe("attempt_out_of_range");
    }

    private static UsageRecord Full(SigningAgent agent, TenantId tenant, long sequence) => agent.Record(tenant, sequence) with
    {
        AudioTokens = 30,
        OutputAudioTokens = 10,
        Images = 2,
        AudioSeconds = 12.25,
        Characters = 500,
        Tries = 2,
        Attempts = Attempts,
    };

    private async Task<List<UsageRecord>> ReadAsync(TenantId tenant)
    {
        var period = new UsagePeriod(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var read = new List<UsageRecord>();
        await Database.StreamInTenantAsync(
            tenant,
            async (db, ct) =>
            {
                await foreach (var record in LedgerRead.Records(db, tenant, period, ct))
                    read.Add(record);
            },
            Ct);
        return [.. read.OrderBy(r => r.Sequence)];
    }
}
