using Platform.Contracts.Configuration;
using Platform.Contracts.Usage;
using Platform.Gateway.Api;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Tests;

public sealed class EngineProfilesTests
{
    public static TheoryData<string> Names => [.. Engines.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_engine_serves_chat_completions_and_messages_one_of_them_as_it_speaks(string engine)
    {
        var routes = EngineProfiles.Find(engine).ShouldNotBeNull().Routes;

        (routes[Operations.Chat].Translation is null).ShouldBe(routes[Operations.Messages].Translation is not null);
    }

    [Fact]
    public void Every_operation_that_callers_may_ask_for_is_served_by_some_engine() =>
        OperationTable.All.Select(o => o.Name).ShouldAllBe(n => EngineProfiles.IsOperation(n));
}
