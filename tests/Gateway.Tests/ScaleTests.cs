using System.Diagnostics;
using System.Globalization;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>An agent with 10,000 tenants and 100,000 keys. Times are printed; on a shared machine they say little. Memory is asserted.</summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    private const int Tenants = 10_000;
    private const int KeysEach = 10;

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_with_ten_thousand_tenants_starts_from_its_disk_and_stays_small()
    {
        await using var control = await new FakeControl().StartAsync();
        control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [control.PepperEntry()] });
        var directory = GatewayHost.NewDirectory();
        await using (var enrolling = await GatewayHost.StartAsync(control.Url, control.Token, directory))
        {
            var tenant = await FillAsync(control, enrolling);
            var clock = Stopwatch.GetTimestamp();
            await enrolling.ReachAsync(control);
            output.WriteLine($"catch-up of {Tenants} tenants, {enrolling.Snapshot!.Keys.Count} keys: {Stopwatch.GetElapsedTime(clock).TotalMilliseconds:F0} ms");
            clock = Stopwatch.GetTimestamp();
            tenant.PutKeys();
            await enrolling.ReachAsync(control);
            output.WriteLine($"one revocation over HTTP: {Stopwatch.GetElapsedTime(clock).TotalMilliseconds:F0} ms");
            await enrolling.StopAsync();
            await control.StopAsync();

            clock = Stopwatch.GetTimestamp();
            await using var process = await GatewayProcess.StartAsync(new("http://127.0.0.1:1"), directory);
            (await process.IsReadyAsync()).ShouldBeTrue();
            output.WriteLine($"start to ready from disk: {Stopwatch.GetElapsedTime(clock).TotalMilliseconds:F0} ms");
            var status = await File.ReadAllLinesAsync($"/proc/{process.Id}/status", Token);
            var peak = long.Parse(status.Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
            output.WriteLine($"peak resident memory: {peak / 1024} MB");
            peak.ShouldBeLessThan(300 * 1024);
        }
    }

    private static async Task<TestTenant> FillAsync(FakeControl control, GatewayHost gateway)
    {
        await gateway.ReadyAsync();
        TestTenant tenant = null!;
        for (var i = 0; i < Tenants; i++)
        {
            tenant = new(control, gateway);
            var pool = tenant.Pool("vllm", new Uri("http://10.0.0.1:8000"));
            tenant.PutPool(pool);
            tenant.PutKeys([.. Enumerable.Range(0, KeysEach).Select(_ => tenant.KeyEntry(ApiKeyFormat.Generate()))]);
            tenant.Put(models: tenant.ModelOn(pool));
        }
        return tenant;
    }
}
