using System.Net;
using System.Net.Sockets;
using Platform.Hosting.Outbound;

namespace Platform.Hosting.Tests;

public sealed class OutboundHttpTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    public async Task A_guarded_client_refuses_the_loopback_however_it_is_written(string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new HttpMessageInvoker(OutboundHttp.CreateHandler(allowPrivateNetworks: false, Second));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}/");

        var failure = await Should.ThrowAsync<HttpRequestException>(() => client.SendAsync(request, TestContext.Current.CancellationToken));

        failure.InnerException.ShouldBeOfType<AddressRefusedException>();
        listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_that_resolves_to_private_addresses_is_refused_without_naming_them()
    {
        var refused = await Should.ThrowAsync<AddressRefusedException>(async () => await OutboundHttp.ConnectAsync(
            new("inner.example", 80), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.7")]), TestContext.Current.CancellationToken));

        refused.Message.ShouldContain("inner.example");
        refused.Message.ShouldNotContain("10.0.0.7");
    }

    [Fact]
    public async Task An_open_client_reaches_the_loopback_and_follows_no_redirect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answer = AnswerOnceAsync(listener, "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");
        using var client = new HttpMessageInvoker(OutboundHttp.CreateHandler(allowPrivateNetworks: true, Second));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await answer;
    }

    private static async Task AnswerOnceAsync(TcpListener listener, string answer)
    {
        using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = connection.GetStream();
        await stream.ReadAtLeastAsync(new byte[1024], 1, cancellationToken: TestContext.Current.CancellationToken);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
    }
}
