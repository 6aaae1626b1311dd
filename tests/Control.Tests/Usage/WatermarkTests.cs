using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts.Messages;
using Platform.Control.Usage;

namespace Platform.Control.Tests.Usage;

public sealed class WatermarkTests(Servers servers) : UsageTestBase(servers)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Shuffled_repeated_and_concurrent_delivery_ends_where_the_journal_ends(int seed)
    {
        var random = new Random(seed);
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        var records = Enumerable.Range(1, 400).Select(i => agent.Record(tenant, i)).ToList();
        var batches = records.Chunk(1 + random.Next(30)).ToList();
        var lost = batches.Count / 2;
        var deliveries = batches.Where((_, i) => i != lost).Concat(batches.Where((_, i) => i != lost && random.Next(3) == 0)).ToArray();
        random.Shuffle(deliveries);

        await Parallel.ForEachAsync(deliveries, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Ct }, async (b, ct) => await Intake.HandleAsync(agent.Batch(b), ct));

        var mark = await WatermarkAsync(agent);
        mark.Contiguous.ShouldBe(batches[lost][0].Sequence - 1, $"seed {seed}");
        mark.Highest.ShouldBe(400);
        mark.Received.Length.ShouldBe(2);

        await Intake.HandleAsync(agent.Batch(batches[lost]), Ct);

        mark = await WatermarkAsync(agent);
        (mark.Contiguous, mark.Highest, mark.Received.Length).ShouldBe((400, 400, 1));
        (await StoredAsync()).Count.ShouldBe(400);
        await TotalsEqualRecordsAsync();
    }

    [Fact]
    public async Task A_row_keeps_a_bounded_number_of_pieces_and_forgets_the_highest()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        var odd = Enumerable.Range(0, Watermarks.MaxRanges + 200).Select(i => agent.Record(tenant, 1 + (2 * i))).ToList();
        foreach (var chunk in odd.Chunk(UsageBatch.MaxRecords))
            await Intake.HandleAsync(agent.Batch(chunk), Ct);

        var mark = await WatermarkAsync(agent);
        mark.Received.Length.ShouldBe(Watermarks.MaxRanges);
        mark.Contiguous.ShouldBe(1);
        mark.Highest.ShouldBe(odd[^1].Sequence);

        var even = odd.SelectMany(r => new[] { r, agent.Record(tenant, r.Sequence + 1) }).ToList();
        foreach (var chunk in even.Chunk(UsageBatch.MaxRecords))
            await Intake.HandleAsync(agent.Batch(chunk), Ct);

        mark = await WatermarkAsync(agent);
        mark.Contiguous.ShouldBe(even[^1].Sequence);
        (await StoredAsync()).Count.ShouldBe(even.Count);
    }

    [Fact]
    public async Task A_journals_head_beyond_what_arrived_is_noted_and_never_goes_back()
    {
        var tenant = await TenantAsync();
        var agent = await AgentAsync();
        await Intake.HandleAsync(agent.Batch(agent.Record(tenant, 1)), Ct);
        var complete = (await WatermarkAsync(agent)).StalledSince;

        await HeadAsync(agent, 5);
        await HeadAsync(agent, 3);

        var mark = await WatermarkAsync(agent);
        (mark.Contiguous, mark.Highest, mark.Head).ShouldBe((1, 1, 5));
        mark.StalledSince.ShouldBeGreaterThan(complete);
    }

    private Task<bool> HeadAsync(SigningAgent agent, long last) => Database.InIngestAsync(
        async (db, ct) =>
        {
            JournalHead[] heads = [new(agent.Boot, last)];
            await Watermarks.NoteHeadsAsync((NpgsqlConnection)db.Database.GetDbConnection(), agent.Id, heads, DateTimeOffset.UtcNow, ct);
            return true;
        },
        Ct);
}
