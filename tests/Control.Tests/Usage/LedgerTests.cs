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
}
