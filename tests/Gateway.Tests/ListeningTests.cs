using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Tests.World;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Tests;

/// <summary>Where the agent listens, and in which protocols.</summary>
public sealed class ListeningTests : IAsyncLifetime
{
    private const string Any = "127.0.0.1:0";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly FakeControl _control = new();
    private readonly ServerCertificates _files = new();

    public async ValueTask InitializeAsync()
    {
        await _control.StartAsync();
        _control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument());
    }

    public async ValueTask DisposeAsync()
    {
        _files.Dispose();
        await _control.DisposeAsync();
    }

    [Fact]
    public async Task Each_address_speaks_its_protocols_beside_those_of_the_urls()
    {
        _files.Replace();
        await using var gateway = await StartAsync(["Listen:Http:0=" + Any, "Listen:H2c:0=" + Any, "Listen:Https:0=" + Any, .. _files.Settings]);

        gateway.Urls.Select(u => u.Scheme).ShouldBe(["http", "http", "http", "https"]);
        (await AskAsync(gateway.Urls[0], HttpVersion.Version11)).ShouldBe(HttpVersion.Version11);
        (await AskAsync(gateway.Urls[1], HttpVersion.Version11)).ShouldBe(HttpVersion.Version11);
        (await AskAsync(gateway.Urls[2], HttpVersion.Version20)).ShouldBe(HttpVersion.Version20);
        (await AskAsync(gateway.Urls[3], HttpVersion.Version11)).ShouldBe(HttpVersion.Version11);
        (await AskAsync(gateway.Urls[3], HttpVersion.Version20)).ShouldBe(HttpVersion.Version20);
        await Should.ThrowAsync<HttpRequestException>(() => AskAsync(gateway.Urls[1], HttpVersion.Version20));
    }

    [Theory]
    [InlineData(false, SslProtocols.Tls13, true)]
    [InlineData(false, SslProtocols.Tls12, false)]
    [InlineData(true, SslProtocols.Tls12, true)]
    public async Task Tls_1_2_is_for_those_who_ask_for_it(bool allowed, SslProtocols protocol, bool works)
    {
        _files.Replace();
        await using var gateway = await StartAsync(["Listen:Https:0=" + Any, $"Listen:AllowTls12={allowed}", .. _files.Settings]);

        var handshake = HandshakeAsync(gateway.Urls[1], protocol);

        if (works)
            (await handshake).Protocol.ShouldBe(protocol);
        else
            await Should.ThrowAsync<Exception>(handshake);
    }

    [Fact]
    public async Task A_bad_file_keeps_the_last_good_certificate_and_a_good_one_takes_its_place()
    {
        var first = _files.Replace();
        await using var gateway = await StartAsync(["Listen:Https:0=" + Any, .. _files.Settings]);
        (await HandshakeAsync(gateway.Urls[1], SslProtocols.Tls13)).Thumbprint.ShouldBe(first);

        ServerCertificates.Replace(_files.CertificateFile, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
        await Task.Delay(TimeSpan.FromSeconds(1.5), Token);
        (await HandshakeAsync(gateway.Urls[1], SslProtocols.Tls13)).Thumbprint.ShouldBe(first);
        File.Delete(_files.CertificateFile);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Token);
        (await HandshakeAsync(gateway.Urls[1], SslProtocols.Tls13)).Thumbprint.ShouldBe(first);

        var second = _files.Replace();
        await Until.TrueAsync(async () => (await HandshakeAsync(gateway.Urls[1], SslProtocols.Tls13)).Thumbprint == second);
    }

    [Fact]
    public async Task Without_a_usable_certificate_it_does_not_start()
    {
        _files.Replace();
        await File.WriteAllTextAsync(_files.KeyFile, "no key", Token);

        await Should.ThrowAsync<SettingsException>(() => StartAsync(["Listen:Https:0=" + Any, .. _files.Settings]));
    }

    [Theory]
    [InlineData("Listen:Https:0=127.0.0.1:0", "CertificateFile")]
    [InlineData("Listen:Http:0=127.0.0.1", "'127.0.0.1' is no address and port")]
    [InlineData("Listen:H2c:0=somewhere:80", "'somewhere:80' is no address and port")]
    [InlineData("Listen:Tls=yes", "Tls")]
    public async Task Faults_in_the_settings_are_said(string setting, string fault) =>
        (await Should.ThrowAsync<SettingsException>(() => StartAsync([setting]))).Message.ShouldContain(fault);

    [Fact]
    public async Task A_leaving_agent_is_not_ready_and_still_serves_and_asks_every_connection_to_end()
    {
        await using var gateway = await StartAsync(["Listen:H2c:0=" + Any, "Agent:NoticeSeconds=2"]);
        await gateway.ReadyAsync();
        using var plain = new HttpClient { BaseAddress = gateway.Url };
        (await plain.GetAsync("/healthz", Token)).Headers.ConnectionClose.ShouldNotBe(true);
        var connections = 0;
        using var h2 = Http2Client(gateway.Urls[1], () => connections++);
        for (var i = 0; i < 3; i++)
            (await h2.GetAsync("/healthz", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        connections.ShouldBe(1);

        var stopping = gateway.BeginStopAsync();
        await Until.TrueAsync(async () => (await plain.GetAsync("/readyz", Token)).StatusCode == HttpStatusCode.ServiceUnavailable);

        using var answer = await plain.GetAsync("/healthz", Token);
        (answer.StatusCode, answer.Headers.ConnectionClose).ShouldBe((HttpStatusCode.OK, true));
        for (var i = 0; i < 3; i++)
        {
            (await h2.GetAsync("/healthz", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
            await Task.Delay(50, Token);
        }
        connections.ShouldBeGreaterThan(2, "GOAWAY makes a caller open another connection");
        stopping.IsCompleted.ShouldBeFalse();
        await stopping;
        await Should.ThrowAsync<HttpRequestException>(() => plain.GetAsync("/healthz", Token));
    }

    private Task<GatewayHost> StartAsync(string[] settings) => GatewayHost.StartAsync(_control.Url, _control.Token, null, settings);

    private static HttpClient Http2Client(Uri url, Action connected)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, token) =>
            {
                connected();
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new(handler) { BaseAddress = url, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    /// <returns>The version of the answer.</returns>
    private static async Task<Version> AskAsync(Uri url, Version version)
    {
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = ServerCertificates.IsOurs } };
        using var http = new HttpClient(handler) { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await http.GetAsync(new Uri(url, "/healthz"), Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return response.Version;
    }

    private static async Task<(SslProtocols Protocol, string Thumbprint)> HandshakeAsync(Uri url, SslProtocols protocol)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, Token);
        await using var tls = new SslStream(client.GetStream(), false, ServerCertificates.IsOurs);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol }, Token);
        return (tls.SslProtocol, tls.RemoteCertificate!.GetCertHashString());
    }
}
