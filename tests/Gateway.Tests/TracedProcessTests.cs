using System.Diagnostics;
using System.Net;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>In a process of its own, because whoever listens to activities in this one would make some.</summary>
public sealed class TracedProcessTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Span = "b7ad6b7169203331";
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}""";

    private static readonly (string Name, string Value) NoExporter = ("Logging__LogLevel__Default", "Information");

    /// <summary>Nobody is there, and nobody waits for it.</summary>
    private static readonly (string Name, string Value) Exporter = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");

    private static readonly (string Name, string Value) NoLogs = ("Logging__LogLevel__Microsoft.AspNetCore", "None");

    public static TheoryData<string, string> Processes => new()
    {
        { NoExporter.Name, NoExporter.Value },
        { Exporter.Name, Exporter.Value },
        { NoLogs.Name, NoLogs.Value },
    };

    [Theory]
    [MemberData(nameof(Processes))]
    public async Task A_callers_trace_goes_on_upstream_and_its_baggage_does_not(string name, string value)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        await using var control = await new FakeControl().StartAsync();
        var directory = GatewayHost.NewDirectory();
        var tenant = await EnrolledDirectory.PrepareAsync(control, directory, upstream.Url);
        await using var process = await GatewayProcess.StartAsync(control.Url, directory, 0, (name, value));
        await Until.TrueAsync(process.IsReadyAsync);

        var sent = await AskAsync(process, tenant, upstream, ("traceparent", $"00-{Trace}-{Span}-01"), ("tracestate", "a=1,b=2"), ("baggage", "secret=1"), ("Correlation-Context", "secret=1"));

        sent["traceparent"].ShouldMatch($"^00-{Trace}-[0-9a-f]{{16}}-0[01]$");
        sent["tracestate"].Replace(" ", "", StringComparison.Ordinal).ShouldBe("a=1,b=2");
        ShouldHaveNoBaggage(sent);

        // What is none is not passed on, and neither is a state without it.
        sent = await AskAsync(process, tenant, upstream, ("traceparent", "00-nonsense-01"), ("tracestate", "a=1"), ("baggage", "secret=1"));

        sent.GetValueOrDefault("traceparent", "").ShouldNotContain("nonsense");
        sent.ShouldNotContainKey("tracestate");
        ShouldHaveNoBaggage(sent);
    }

    private static void ShouldHaveNoBaggage(IReadOnlyDictionary<string, string> headers) =>
        headers.Keys.ShouldNotContain(k => k.Equals("baggage", StringComparison.OrdinalIgnoreCase) || k.Equals("correlation-context", StringComparison.OrdinalIgnoreCase));

    private static async Task<IReadOnlyDictionary<string, string>> AskAsync(
        GatewayProcess process, TestTenant tenant, UpstreamStub upstream, params (string Name, string Value)[] headers)
    {
        upstream.Calls.Clear();
        // Without an activity of the test's own, which the client would send in place of these.
        using var handler = new SocketsHttpHandler { ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator() };
        using var http = new HttpClient(handler) { BaseAddress = process.Http.BaseAddress };
        using var request = tenant.Request(tenant.Body());
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return upstream.Calls.ShouldHaveSingleItem().Headers;
    }
}
