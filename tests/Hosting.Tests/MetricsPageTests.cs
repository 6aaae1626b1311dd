using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Platform.Hosting.Listening;

namespace Platform.Hosting.Tests;

public sealed class MetricsPageTests
{
    [Fact]
    public async Task The_metrics_page_answers_on_its_own_port_only_whatever_host_the_caller_names()
    {
        var ports = FreePorts();
        var metricsPort = ports[1].ToString(CultureInfo.InvariantCulture);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = ["--Telemetry:MetricsPort", metricsPort] });
        builder.WebHost.UseUrls($"http://127.0.0.1:{ports[0]}");
        builder.AddPlatformDefaults("test");
        await using var app = builder.Build();
        app.MapPlatformDefaults();
        await app.StartAsync(TestContext.Current.CancellationToken);

        (await GetAsync(ports[1], null)).ShouldBe(HttpStatusCode.OK);
        (await GetAsync(ports[0], null)).ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync(ports[0], $"localhost:{metricsPort}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 2)]
    public async Task Addresses_of_the_settings_stay_when_code_listens_too(bool isUnset, int count)
    {
        var ports = FreePorts();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = ["--Telemetry:MetricsPort", ports[0].ToString(CultureInfo.InvariantCulture), "--urls", isUnset ? "" : "http://127.0.0.1:0"],
        });
        builder.AddPlatformDefaults("test");
        builder.AddListeners(kestrel => kestrel.Listen(IPAddress.Loopback, ports[1]), replaceDefault: true);
        await using var app = builder.Build();
        app.MapPlatformDefaults();
        await app.StartAsync(TestContext.Current.CancellationToken);

        app.Urls.Count.ShouldBe(count);
        app.Urls.ShouldNotContain(u => u.EndsWith(":5000", StringComparison.Ordinal));
        foreach (var url in app.Urls)
        {
            using var http = new HttpClient { BaseAddress = new(url) };
            (await http.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK, url);
        }
        (await GetAsync(ports[0], null)).ShouldBe(HttpStatusCode.OK);
        (await GetAsync(ports[1], null)).ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<HttpStatusCode> GetAsync(int port, string? host)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/metrics");
        request.Headers.Host = host;
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static int[] FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return [((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port];
    }
}
