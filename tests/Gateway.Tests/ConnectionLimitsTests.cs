using System.Buffers.Binary;
using System.Text;
using Platform.Gateway.Tests.World;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Tests;

/// <summary>What a connection may take. Kestrel itself answers most of it: a status and no body.</summary>
public sealed class ConnectionLimitsTests : OwnGatewayTests
{
    private const byte EndStream = 1;

    /// <summary>REFUSED_STREAM (RFC 9113, 7).</summary>
    private const uint RefusedStream = 7;

    private const string Line = "GET /healthz HTTP/1.1\r\nHost: x\r\n";

    [Fact]
    public async Task Heads_have_bounds()
    {
        var url = await StartAsync("Connections:MaxRequestLineBytes=1000", "Connections:MaxHeaders=20", "Connections:MaxHeaderBytes=2000");

        (await StatusAsync(url, $"{Line}Connection: close\r\n\r\n")).ShouldBe(200);
        (await StatusAsync(url, $"GET /{new string('a', 1000)} HTTP/1.1\r\nHost: x\r\n\r\n")).ShouldBe(414);
        (await StatusAsync(url, $"{Line}{string.Concat(Enumerable.Range(0, 20).Select(i => $"x-{i}: 1\r\n"))}\r\n")).ShouldBe(431);
        (await StatusAsync(url, $"{Line}x: {new string('a', 2000)}\r\n\r\n")).ShouldBe(431);
        (await StatusAsync(url, "GET\r\n\r\n")).ShouldBe(400);
    }

    [Fact]
    public async Task Headers_that_come_slowly_are_a_408()
    {
        var url = await StartAsync("Connections:HeaderSeconds=1");

        (await StatusAsync(url, Line)).ShouldBe(408);
    }

    [Fact]
    public async Task A_connection_without_a_request_is_closed()
    {
        var url = await StartAsync("Connections:IdleSeconds=1");

        (await RawConnection.AskAsync(url, "")).ShouldBe("");
        (await StatusAsync(url, Line + "\r\n")).ShouldBe(200);
    }

    [Fact]
    public async Task A_body_that_trickles_is_a_408()
    {
        var (tenant, url) = await TenantAsync("Connections:MinBodyGraceSeconds=2", "Connections:MinBodyBytesPerSecond=1000");

        var answer = await RawConnection.AskAsync(url, $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{");

        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("\"code\":\"request_timeout\"");
        tenant.Records().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_that_trickles_over_http_2_ends_the_connection()
    {
        var (tenant, _) = await TenantAsync("Listen:H2c:0=127.0.0.1:0", "Connections:MinBodyGraceSeconds=2", "Connections:MinBodyBytesPerSecond=1000");
        using var connection = await RawConnection.OpenAsync(Host!.Urls[1]);
        await connection.BeginHttp2Async();
        await connection.SendHeadersAsync(1, Head(tenant, ("content-length", "100")));
        await connection.SendFrameAsync(Http2Frame.Data, flags: 0, stream: 1, [(byte)'{']);

        await ShouldEndAsync(connection);

        tenant.Records().ShouldBeEmpty();
    }

    [Fact]
    public async Task Connections_beyond_the_bound_are_closed_at_once()
    {
        var url = await StartAsync("Connections:MaxConnections=2");
        Host!.Http.Dispose();
        using var first = await RawConnection.OpenAsync(url);
        using var second = await RawConnection.OpenAsync(url);

        await Until.TrueAsync(async () => await RawConnection.AskAsync(url, $"{Line}Connection: close\r\n\r\n") == "");
        await first.SendAsync($"{Line}Connection: close\r\n\r\n");
        (await first.ReadToEndAsync()).ShouldStartWith("HTTP/1.1 200 ");
        await Until.TrueAsync(async () => (await RawConnection.AskAsync(url, $"{Line}Connection: close\r\n\r\n")).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Http_2_is_told_its_bounds()
    {
        await StartAsync(
            "Listen:H2c:0=127.0.0.1:0", "Connections:MaxStreams=7", "Connections:StreamWindowBytes=70000", "Connections:MaxHeaderBytes=3000");
        using var connection = await RawConnection.OpenAsync(Host!.Urls[1]);
        await connection.BeginHttp2Async();

        var (type, _, payload) = (await connection.ReadFrameAsync()).ShouldNotBeNull();

        type.ShouldBe(Http2Frame.Settings);
        var settings = payload.Chunk(6).ToDictionary(s => BinaryPrimitives.ReadUInt16BigEndian(s), s => BinaryPrimitives.ReadUInt32BigEndian(s.AsSpan(2)));
        settings[3].ShouldBe(7u, "SETTINGS_MAX_CONCURRENT_STREAMS");
        settings[4].ShouldBe(70_000u, "SETTINGS_INITIAL_WINDOW_SIZE");
        settings[6].ShouldBe(3000u, "SETTINGS_MAX_HEADER_LIST_SIZE");
    }

    [Fact]
    public async Task An_http_2_stream_beyond_the_bound_is_refused_and_the_others_go_on()
    {
        var (tenant, _) = await TenantAsync("Listen:H2c:0=127.0.0.1:0", "Connections:MaxStreams=2");
        using var connection = await RawConnection.OpenAsync(Host!.Urls[1]);
        await connection.BeginHttp2Async();
        foreach (var stream in (int[])[1, 3, 5])
            await connection.SendHeadersAsync(stream, Head(tenant, ("content-length", "2")));

        var refused = await connection.ReadUntilAsync(Http2Frame.Reset);
        await connection.SendFrameAsync(Http2Frame.Data, EndStream, stream: 1, [(byte)'{', (byte)'}']);
        var answered = await connection.ReadUntilAsync(Http2Frame.Headers);

        (refused.Stream, BinaryPrimitives.ReadUInt32BigEndian(refused.Payload)).ShouldBe((5, RefusedStream));
        answered.Stream.ShouldBe(1);
    }

    /// <summary>Up to twice the bound the request is answered; far beyond, the connection ends.</summary>
    [Theory]
    [InlineData(20, true)]
    [InlineData(60, false)]
    public async Task Http_2_headers_beyond_the_bound_are_refused(int lines, bool answered)
    {
        var (tenant, _) = await TenantAsync("Listen:H2c:0=127.0.0.1:0", "Connections:MaxHeaderBytes=2000");
        using var connection = await RawConnection.OpenAsync(Host!.Urls[1]);
        await connection.BeginHttp2Async();

        await connection.SendHeadersAsync(1, Head(tenant, [.. Enumerable.Range(0, lines).Select(i => ($"x-{i}", new string('a', 120)))]));

        if (answered)
            Encoding.Latin1.GetString((await connection.ReadUntilAsync(Http2Frame.Headers)).Payload).ShouldContain("431");
        else
            await ShouldEndAsync(connection);
        tenant.Records().ShouldBeEmpty();
    }

    [Fact]
    public async Task Headers_that_do_not_end_end_an_http_2_connection()
    {
        await StartAsync("Listen:H2c:0=127.0.0.1:0", "Connections:HeaderSeconds=1");
        using var connection = await RawConnection.OpenAsync(Host!.Urls[1]);
        await connection.BeginHttp2Async();
        await connection.SendFrameAsync(Http2Frame.Headers, flags: 0, stream: 1, [0x82]);

        await ShouldEndAsync(connection);
    }

    [Fact]
    public async Task A_stranger_over_http_2_gets_its_answer_and_its_stream_ends()
    {
        await StartAsync("Listen:H2c:0=127.0.0.1:0");
        await Host!.ReadyAsync();
        using var connection = await RawConnection.OpenAsync(Host.Urls[1]);
        await connection.BeginHttp2Async();
        await connection.SendHeadersAsync(
            1, (":method", "POST"), (":scheme", "http"), (":path", "/v1/chat/completions"), (":authority", "x"), ("authorization", "Bearer sk-1"),
            ("content-type", "application/json"), ("content-length", "1073741824"));

        var frames = new List<Http2Frame>();
        while (!frames.Contains(Http2Frame.Reset) && await connection.ReadFrameAsync() is { } frame)
            frames.Add(frame.Type);

        frames.ShouldContain(Http2Frame.Headers);
        frames.ShouldContain(Http2Frame.Data);
        frames[^1].ShouldBe(Http2Frame.Reset);
        frames.ShouldNotContain(Http2Frame.GoAway, "the connection's other requests go on");
    }

    [Fact]
    public async Task An_http_2_connection_that_answers_no_ping_is_closed()
    {
        await StartAsync("Listen:H2c:0=127.0.0.1:0", "Connections:PingSeconds=1", "Connections:PingTimeoutSeconds=1");
        using var connection = await RawConnection.OpenAsync(Host!.Urls[1]);
        await connection.BeginHttp2Async();

        (await ShouldEndAsync(connection)).ShouldContain(Http2Frame.Ping);
    }

    [Theory]
    [InlineData("Connections:MaxConnections=0", "MaxConnections")]
    [InlineData("Connections:MaxHeaderBytes=300000", "MaxReadAheadBytes")]
    [InlineData("Connections:Slow=1", "Slow")]
    public async Task Faults_in_the_settings_are_said(string setting, string fault) =>
        (await Should.ThrowAsync<SettingsException>(() => StartAsync(setting))).Message.ShouldContain(fault);

    private static async Task<IReadOnlyList<Http2Frame>> ShouldEndAsync(RawConnection connection)
    {
        var frames = new List<Http2Frame>();
        while (await connection.ReadFrameAsync() is { } frame)
            frames.Add(frame.Type);
        frames.ShouldContain(Http2Frame.GoAway);
        return frames;
    }

    private static (string Name, string Value)[] Head(TestTenant tenant, params (string Name, string Value)[] more) =>
    [
        (":method", "POST"), (":scheme", "http"), (":path", "/v1/chat/completions"), (":authority", "x"),
        ("authorization", $"Bearer {tenant.Key}"), ("content-type", "application/json"), .. more,
    ];

    private static async Task<int> StatusAsync(Uri url, string request)
    {
        var answer = await RawConnection.AskAsync(url, request);
        answer.ShouldStartWith("HTTP/1.1 ");
        return int.Parse(answer.AsSpan(9, 3), provider: null);
    }

    private async Task<Uri> StartAsync(params string[] settings)
    {
        Host = await GatewayHost.StartAsync(Control.Url, Control.Token, null, settings);
        return Host.Url;
    }

    private async Task<(TestTenant Tenant, Uri Url)> TenantAsync(params string[] settings)
    {
        var url = await StartAsync(settings);
        var tenant = new TestTenant(Control, Host!);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put();
        await Host!.ReadyAsync();
        await Host.ReachAsync(Control);
        return (tenant, url);
    }
}
