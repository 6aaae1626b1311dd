using System.Net;
using System.Net.Sockets;
using Platform.Hosting.Outbound;

namespace Platform.Hosting.Tests;

public sealed class OutboundHttpTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly IReadOnlyList<IPNetwork> Everything = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("user:secret@127.0.0.1")]
    [InlineData("0")]
    public async Task A_guarded_client_refuses_the_loopback_however_it_is_written(string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new HttpMessageInvoker(OutboundHttp.CreateHandler(allowPrivateNetworks: false, Second, () => Everything));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}/");

        var failure = await Should.ThrowAsync<HttpRequestException>(() => client.SendAsync(request, TestContext.Current.CancellationToken));

        failure.InnerException.ShouldBeOfType<AddressRefusedException>();
        listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_that_resolves_to_private_addresses_is_refused_without_naming_them()
    {
        var refused = await Should.ThrowAsync<AddressRefusedException>(async () => await OutboundHttp.ConnectAsync(
            new("inner.example", 80), [], Answers("10.0.0.7"), Never, TestContext.Current.CancellationToken));

        refused.Message.ShouldContain("inner.example");
        refused.Message.ShouldNotContain("10.0.0.7");
    }

    [Fact]
    public async Task Of_mixed_answers_only_those_that_are_allowed_are_connected_to()
    {
        var opened = new List<string>();

        await using var stream = await OutboundHttp.ConnectAsync(
            new("mixed.example", 443), [IPNetwork.Parse("10.1.0.0/16")], Answers("10.0.0.7", "8.8.8.8", "169.254.169.254", "10.1.0.9", "::1"),
            Record(opened), TestContext.Current.CancellationToken);

        opened.ShouldBe(["8.8.8.8", "10.1.0.9"]);
    }

    [Fact]
    public async Task A_name_is_resolved_once_for_each_connection_so_that_its_next_answer_gains_nothing()
    {
        var opened = new List<string>();
        var answers = new Queue<string>(["8.8.8.8", "127.0.0.1"]);
        ValueTask<Stream> ConnectAsync() => OutboundHttp.ConnectAsync(
            new("rebinding.example", 443), Everything, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answers.Dequeue())]),
            Record(opened), TestContext.Current.CancellationToken);

        await using var first = await ConnectAsync();
        answers.Count.ShouldBe(1);
        await Should.ThrowAsync<AddressRefusedException>(async () => await ConnectAsync());

        opened.ShouldBe(["8.8.8.8"]);
    }

    [Fact]
    public async Task The_operators_networks_are_asked_for_at_each_connection()
    {
        var asked = 0;
        using var client = new HttpMessageInvoker(OutboundHttp.CreateHandler(allowPrivateNetworks: false, Second, () =>
        {
            asked++;
            return [];
        }));

        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://10.0.0.1/");
            await Should.ThrowAsync<HttpRequestException>(() => client.SendAsync(request, TestContext.Current.CancellationToken));
        }

        asked.ShouldBe(2);
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

    private static Func<string, CancellationToken, Task<IPAddress[]>> Answers(params string[] addresses) =>
        (_, _) => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse));

    private static Func<IPAddress[], int, CancellationToken, ValueTask<Stream>> Record(List<string> opened) => (addresses, _, _) =>
    {
        opened.AddRange(addresses.Select(a => a.ToString()));
        return ValueTask.FromResult(Stream.Null);
    };

    private static ValueTask<Stream> Never(IPAddress[] addresses, int port, CancellationToken token) =>
        throw new InvalidOperationException("A connection was opened.");

    private static async Task<string> AnswerOnceAsync(TcpListener listener, string answer)
    {
        using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = connection.GetStream();
        var request = new byte[1024];
        var read = await stream.ReadAtLeastAsync(request, 1, cancellationToken: TestContext.Current.CancellationToken);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
        return System.Text.Encoding.ASCII.GetString(request, 0, read);
    }
}
