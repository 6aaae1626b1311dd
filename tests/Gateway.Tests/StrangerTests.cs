using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Gateway.Edge;
using Platform.Gateway.Requests;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>What requests cost whose key is none.</summary>
public sealed class StrangerTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const int Requests = 2000;
    private const int AtOnce = 50;
    private const long Gigabyte = 1024 * 1024 * 1024;

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flood_with_bad_keys_and_large_bodies_takes_neither_memory_nor_rows()
    {
        var tenant = await fixture.TenantAsync();
        await FloodAsync(AtOnce);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await FloodAsync(Requests);

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(16 * 1024 * 1024);
        fixture.Gateway.Services.GetRequiredService<BufferBudget>().Used.ShouldBe(0);
        fixture.Gateway.Services.GetRequiredService<KeySlots>().Keys.ShouldBe(0);
        fixture.Gateway.Records().ShouldBeEmpty();
        (await tenant.PostAsync("{")).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("Content-Length: 1073741824")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_strangers_long_body_is_not_read_and_its_connection_closes(string length)
    {
        var answer = await RawConnection.AskAsync(fixture.Gateway.Url, Head("/v1/chat/completions", length));

        answer.ShouldStartWith("HTTP/1.1 401 ");
        answer.ShouldContain("\r\nConnection: close\r\n");
        answer.ShouldContain("\"code\":\"invalid_api_key\"");
    }

    [Theory]
    [InlineData("/v1/messages", 401)]
    [InlineData("/v1/nothing", 404)]
    public async Task So_it_is_with_whatever_is_answered_before_the_key_is_known(string path, int status)
    {
        var answer = await RawConnection.AskAsync(fixture.Gateway.Url, Head(path, $"Content-Length: {Gigabyte}"));

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("\r\nConnection: close\r\n");
    }

    [Fact]
    public async Task With_a_short_body_the_connection_goes_on()
    {
        using var connection = await RawConnection.OpenAsync(fixture.Gateway.Url);

        await connection.SendAsync($"{Head("/v1/chat/completions", "Content-Length: 2")}{{}}");
        await connection.SendAsync($"{Head("/v1/chat/completions", "Content-Length: 2\r\nConnection: close")}{{}}");

        (await connection.ReadToEndAsync()).Split("HTTP/1.1 401 ").Length.ShouldBe(3, "two answers");
    }

    [Fact]
    public void The_log_has_a_line_in_ten_seconds_with_how_many_there_were()
    {
        var time = new ManualTime();
        var lines = new Lines();
        var strangers = new Strangers(Options.Create(new KestrelServerOptions()), time, lines);

        for (var i = 0; i < 1000; i++)
            strangers.Refused();
        lines.Written.Count.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(10));
        strangers.Refused();
        strangers.Refused();

        lines.Written.ShouldBe(
        [
            "Requests refused for want of a valid key since the last such line: 1",
            "Requests refused for want of a valid key since the last such line: 1000",
        ]);
    }

    private static string Head(string path, string length) =>
        $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-AAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\r\nContent-Type: application/json\r\n{length}\r\n\r\n";

    private Task FloodAsync(int count) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Token },
        async (_, _) =>
        {
            using var connection = await RawConnection.OpenAsync(fixture.Gateway.Url);
            await connection.SendAsync(Head("/v1/chat/completions", $"Content-Length: {Gigabyte}"));
            (await connection.ReadToEndAsync()).ShouldStartWith("HTTP/1.1 401 ");
        });

    private sealed class Lines : ILogger<Strangers>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
