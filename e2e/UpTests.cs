using System.Net;
using System.Text.Json;
using Platform.Local.Demo;
using Platform.Local.Servers;
using Platform.Local.Stack;

namespace Platform.E2E;

public sealed class UpTests(WholeSystem system)
{
    [Fact]
    public void Up_ends_with_an_answer_and_its_token_counts()
    {
        system.UpOutput.ShouldMatch(@"Answer: \S+");
        system.UpOutput.ShouldMatch(@"Usage:  [1-9][0-9]* prompt \+ [1-9][0-9]* completion = [1-9][0-9]* tokens");
    }

    [Fact]
    public void The_demo_file_has_exactly_the_promised_keys_and_is_for_its_owner_only()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(system.Platform.Home.DemoFile));

        Names(json.RootElement).ShouldBe(["gatewayUrls", "controlUrl", "portalUrl", "operator", "tenant", "admin", "apiKey", "automation", "mailFolder"], ignoreOrder: true);
        Names(json.RootElement.GetProperty("operator")).ShouldBe(["email", "password"], ignoreOrder: true);
        Names(json.RootElement.GetProperty("tenant")).ShouldBe(["id", "slug"], ignoreOrder: true);
        Names(json.RootElement.GetProperty("admin")).ShouldBe(["email", "password"], ignoreOrder: true);
        Names(json.RootElement.GetProperty("automation")).ShouldBe(["clientId", "clientSecret"], ignoreOrder: true);
        File.GetUnixFileMode(system.Platform.Home.DemoFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Up_twice_starts_nothing_twice()
    {
        var before = Ids();

        (await system.UpAsync()).ShouldContain("Usage:");

        Ids().ShouldBe(before);
        DemoFile.Load(system.Platform.Home)!.ApiKey.ShouldBe(system.Demo.ApiKey);
    }

    [Fact]
    public void Everything_listens_on_loopback_only()
    {
        foreach (var process in system.Platform.Processes.Alive())
        {
            var addresses = ListeningSockets.Of(process.Id);
            addresses.ShouldNotBeEmpty(process.Name);
            addresses.ShouldAllBe(a => IPAddress.IsLoopback(a), process.Name);
        }
    }

    [Fact]
    public void All_parts_run()
    {
        string[] expected = [
            RabbitNode.PortMapperName, RabbitNode.ProcessName, PostgresCluster.ProcessName,
            ServiceNames.Control, ServiceNames.Portal, .. ServiceNames.Gateways, .. ServiceNames.Workers,
        ];
        system.Platform.Processes.Alive().Select(p => p.Name).ShouldBe(expected, ignoreOrder: true);
    }

    private Dictionary<string, int> Ids() => system.Platform.Processes.Alive().ToDictionary(p => p.Name, p => p.Id);

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(p => p.Name);
}
