using System.Collections.Concurrent;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests.UnderLoad;

[Collection(nameof(LoadCollection))]
public sealed class CertificateSwapTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Another_certificate_takes_over_without_a_failed_request(string version)
    {
        using var files = new ServerCertificates();
        var first = files.Replace();
        await using var upstream = await SlowUpstream.StartAsync();
        await using var control = await new FakeControl().StartAsync();
        control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [control.PepperEntry()] });
        await using var gateway = await GatewayHost.StartAsync(control.Url, control.Token, null, ["Listen:Https:0=127.0.0.1:0", .. files.Settings]);
        var tenant = new TestTenant(control, gateway);
        var pool = tenant.Pool("vllm", upstream.Url);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await gateway.ReachAsync(control);
        var shown = new ConcurrentDictionary<string, int>();
        using var handler = new SocketsHttpHandler
        {
            // Short, so that there are handshakes before, during and after.
            PooledConnectionLifetime = TimeSpan.FromMilliseconds(100),
            SslOptions = { RemoteCertificateValidationCallback = (_, c, _, _) => shown.AddOrUpdate(c!.GetCertHashString(), 1, (_, n) => n + 1) > 0 },
        };
        using var http = new HttpClient(handler) { BaseAddress = gateway.Urls[1] };
        await using var callers = new Callers(8, streamed =>
        {
            var request = tenant.Request(tenant.Body(streamed));
            (request.Version, request.VersionPolicy) = (Version.Parse(version), HttpVersionPolicy.RequestVersionExact);
            return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        });
        await callers.MoreAsync(30);

        var second = files.Replace();
        await Until.TrueAsync(() => shown.ContainsKey(second));
        var before = shown[first];
        await callers.MoreAsync(50);
        await callers.StopAsync();

        output.WriteLine($"{callers.Outcomes.Count} requests, {shown.Values.Sum()} handshakes");
        callers.Failed.ShouldBeEmpty();
        shown.Keys.ShouldBe([first, second], ignoreOrder: true);
        shown[first].ShouldBeInRange(1, before + 8);
        shown[second].ShouldBeGreaterThan(3);
    }
}
