using System.Net;
using Platform.Contracts.Api;
using Platform.Local.Demo;
using Platform.Local.Stack;

namespace Platform.E2E;

/// <summary>The agent as it is published for BlueField, under emulation, as a third agent of the platform.</summary>
public sealed class ArmAgentTests(WholeSystem system)
{
    private const string Agent = ServiceNames.ArmGateway;

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_agent_for_bluefield_enrols_serves_and_its_usage_arrives()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "Publishing and emulation take minutes: set CI=true.");
        var platform = system.Platform;
        await platform.Arm.EnsureAsync();
        (await MachineAsync(platform.Arm.Program)).ShouldBe((byte)183, "AArch64 in the ELF header");
        WriteSysfs("class/dmi/id/product_name", "BlueField SoC\n");
        WriteSysfs("devices/system/cpu/cpu0/regs/identification/midr_el1", "0x00000000410fd421\n");
        using var api = await ControlApi.SignInAsync(system.Demo.ControlUrl, system.Demo.Automation);
        await new DemoSeed(api).PrepareAgentAsync(platform, Agent);
        using var tenant = await TenantUnderTest.CreateAsync(system);
        try
        {
            await platform.StartAsync(Agent);
            (await FindAsync(api)).ShouldNotBeNull().HostKind.ShouldBe("bluefield-3");
            using var chat = new Chat(platform.Specs.Url(Agent), tenant.Key);
            await Eventually.GetAsync(chat.ModelsAsync, s => s == HttpStatusCode.OK, TimeSpan.FromSeconds(30));

            var outcomes = new List<ChatOutcome>();
            foreach (var stream in new[] { false, true })
                outcomes.Add(await chat.SendAsync(Chat.Request(DemoSeed.SmallModel, "hello from a DPU", stream)));

            outcomes.ShouldAllBe(o => o.Whole);
            (await LedgerCheck.HoldsAsync(system, tenant, outcomes, TimeSpan.FromSeconds(60))).Count.ShouldBe(2);
        }
        finally
        {
            await RemoveAsync(api);
        }
    }

    private static async Task<AgentAnswer?> FindAsync(ControlApi api) =>
        (await api.ListAsync<AgentAnswer>("/api/v1/agents")).SingleOrDefault(a => a.Name == Agent && a.RevokedAt is null);

    /// <summary>The low byte of <c>e_machine</c>.</summary>
    private static async Task<byte> MachineAsync(string program)
    {
        await using var file = File.OpenRead(program);
        var head = new byte[20];
        await file.ReadExactlyAsync(head, Token);
        return head[18];
    }

    private void WriteSysfs(string path, string text)
    {
        var file = Path.Combine(system.Platform.Specs.SysfsRoot(Agent), path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task RemoveAsync(ControlApi api)
    {
        var wasClean = await system.Platform.StopAsync(Agent);
        if (await FindAsync(api) is { } agent)
            await api.PostAsync<AgentAnswer>($"/api/v1/agents/{agent.Id}/revoke", null);
        Directory.Delete(Path.Combine(system.Platform.Home.Directory, Agent), recursive: true);
        wasClean.ShouldBeTrue("it had to be killed");
    }
}
