namespace Platform.Gateway.Tests.Faults;

/// <summary>An engine that stops in the middle: its caller waits no longer than the settings say.</summary>
public sealed class StallTests(StallTests.Fixture fixture) : IClassFixture<StallTests.Fixture>
{
    public static TheoryData<string> Rows => [.. FaultTable.Stalls.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Is_told(string stall) => Task.WhenAll(FaultDialect.All.Select(d => fixture.MeetAsync(FaultTable.Stalls.Single(f => f.Name == stall), d)));

    public sealed class Fixture() : FaultWorld("Upstream:FirstByteSeconds=2", "Upstream:IdleSeconds=1");
}
