using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>What the agent tells Control of its machine, which is a folder here.</summary>
public sealed class HostRecognitionTests : IDisposable
{
    private const string CortexA72 = "0x00000000410fd083\n";
    private const string CortexA78Ae = "0x00000000410fd421\n";
    private const string NotArms = "0x00000000500fd421\n";

    private readonly string _sysfs = Directory.CreateTempSubdirectory("gateway-tests-").FullName;

    public void Dispose() => Directory.Delete(_sysfs, recursive: true);

    [Theory]
    [InlineData("product_name", "BlueField-3 SmartNIC Main Card\n", CortexA78Ae, "bluefield-3")]
    [InlineData("product_name", "BlueField SoC\n", CortexA72, "bluefield-2")]
    [InlineData("board_name", "BlueField SoC\n", CortexA78Ae, "bluefield-3")]
    [InlineData("sys_vendor", "NVIDIA BlueField\n", CortexA78Ae, "bluefield-3")]
    [InlineData("product_name", "bluefield soc\n", NotArms, "bluefield")]
    [InlineData("product_name", "BlueField SoC\n", "not a register\n", "bluefield")]
    [InlineData("product_name", "BlueField SoC\n", null, "bluefield")]
    [InlineData("product_name", "PowerEdge R760\n", CortexA78Ae, null)]
    [InlineData(null, "", null, null)]
    public async Task The_machine_says_what_it_is(string? name, string text, string? core, string? kind)
    {
        Write($"class/dmi/id/{name ?? "bios_date"}", text);
        if (core is not null)
            Write("devices/system/cpu/cpu0/regs/identification/midr_el1", core);

        (await EnrolAsync()).ShouldBe(kind);
    }

    [Fact]
    public async Task The_operator_has_the_last_word()
    {
        Write("class/dmi/id/product_name", "BlueField-3 SmartNIC Main Card\n");

        (await EnrolAsync("Agent:HostKind=spare")).ShouldBe("spare");
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_sysfs, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task<string?> EnrolAsync(params string[] settings)
    {
        await using var control = await new FakeControl().StartAsync();
        control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument());
        await using var gateway = await GatewayHost.StartAsync(control.Url, control.Token, null, [$"Agent:SysfsRoot={_sysfs}", .. settings]);
        await gateway.ReadyAsync();
        return control.HostKind;
    }
}
