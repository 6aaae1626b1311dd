namespace Platform.Gateway.Tests.Faults;

/// <summary>
/// Every fault of an engine in every dialect: its caller gets a well-formed answer that tells of it, in bounded time, and
/// there is one record. No broken stream ends as a whole one does.
/// </summary>
public sealed class FaultTests(FaultTests.Fixture fixture) : IClassFixture<FaultTests.Fixture>
{
    public static TheoryData<string, string> Rows => [.. FaultTable.All.SelectMany(f => FaultDialect.All.Select(d => (f.Name, d.Name))).Distinct()];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Is_told(string fault, string dialect)
    {
        foreach (var one in FaultTable.All.Where(f => f.Name == fault))
            await fixture.MeetAsync(one, FaultDialect.Of(dialect));
    }

    public sealed class Fixture : FaultWorld;
}
