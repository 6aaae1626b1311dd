using System.Net;
using System.Net.Sockets;
using Platform.Hosting.Outbound;

namespace Platform.Hosting.Tests;

/// <summary>Alone, because the runtime's default proxy, which it makes of <c>http_proxy</c>, is the whole process's.</summary>
[CollectionDefinition(nameof(OutboundProxyTests), DisableParallelization = true)]
[Collection(nameof(OutboundProxyTests))]
public sealed class OutboundProxyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_proxy_of_the_environment_is_ignored(bool allowPrivateNetworks)
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        using var target = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        target.Start();
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(UrlOf(proxy));
        try
        {
            using var client = new HttpMessageInvoker(OutboundHttp.CreateHandler(allowPrivateNetworks, TimeSpan.FromSeconds(1)));
            using var request = new HttpRequestMessage(HttpMethod.Get, UrlOf(target));
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(1));

            // The target never answers, and is not allowed to a guarded client; either way nothing comes of it.
            await Should.ThrowAsync<Exception>(() => client.SendAsync(request, deadline.Token));

            (proxy.Pending(), target.Pending()).ShouldBe((false, allowPrivateNetworks));
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    private static Uri UrlOf(TcpListener listener) => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
}
