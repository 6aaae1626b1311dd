using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Telemetry;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>What the page of metrics says of requests.</summary>
public sealed class MetricsTests : IAsyncLifetime
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":11}}""";
    private const string Stream = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":9}}\n\ndata: [DONE]\n\n";

    private readonly int _port = FreePort();
    private GatewayFixture _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = new() { Settings = [$"Telemetry:MetricsPort={_port.ToString(CultureInfo.InvariantCulture)}"] };
        await _world.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_request_is_measured_by_the_names_and_bounds_of_the_conventions()
    {
        await using var upstream = await UpstreamStub.StartAsync(async (context, call) =>
        {
            var streams = call.Text.Contains("\"stream\":true", StringComparison.Ordinal);
            context.Response.ContentType = streams ? "text/event-stream" : "application/json";
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(streams ? Stream : Answer));
        });
        var tenant = await _world.TenantAsync(upstream.Url);
        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var response = await tenant.PostAsync(tenant.Body(stream: true));
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => tenant.Records().Count == 2);

        var page = await PageAsync();

        // Other gateways of this process are on the page too.
        var own = page.Where(l => l.Contains($"gateway_pool=\"{tenant.Records()[0].PoolId}\"", StringComparison.Ordinal)).ToArray();
        own.ShouldAllBe(l => l.Contains("gen_ai_operation_name=\"chat\"") && l.Contains("gen_ai_request_model=\"some/model-1\"")
            && l.Contains("gen_ai_provider_name=\"vllm\"") && l.Contains($"gateway_tenant=\"{tenant.Slug}\"") && !l.Contains("error_type"));
        Value(own, "gen_ai_server_request_duration_seconds_count").ShouldBe(2);
        Value(own, "gateway_request_queue_duration_seconds_count").ShouldBe(2);
        Value(own, "gen_ai_server_time_to_first_token_seconds_count").ShouldBe(1);
        Value(own, "gen_ai_server_time_per_output_token_seconds_count").ShouldBe(1);
        Value(own, "gen_ai_client_token_usage", "_sum", "gen_ai_token_type=\"input\"").ShouldBe(8);
        Value(own, "gen_ai_client_token_usage", "_sum", "gen_ai_token_type=\"output\"").ShouldBe(20);
        BoundsOf(own, "gen_ai_server_request_duration").ShouldBe(["0.01", "0.02", "0.04", "0.08", "0.16", "0.32", "0.64", "1.28", "2.56", "5.12", "10.24", "20.48", "40.96", "81.92", "+Inf"]);
        BoundsOf(own, "gen_ai_server_time_to_first_token").ShouldBe(["0.001", "0.005", "0.01", "0.02", "0.04", "0.06", "0.08", "0.1", "0.25", "0.5", "0.75", "1", "2.5", "5", "7.5", "10", "+Inf"]);
        BoundsOf(own, "gen_ai_server_time_per_output_token").ShouldBe(["0.01", "0.025", "0.05", "0.075", "0.1", "0.15", "0.2", "0.3", "0.4", "0.5", "0.75", "1", "2.5", "+Inf"]);
        BoundsOf(own, "gen_ai_client_token_usage").ShouldBe(["1", "4", "16", "64", "256", "1024", "4096", "16384", "65536", "262144", "1048576", "4194304", "16777216", "67108864", "+Inf"]);
    }

    [Fact]
    public async Task Refusals_retries_and_fallbacks_are_counted_by_their_reasons_and_failures_by_their_code()
    {
        await using var bad = await UpstreamStub.JsonAsync("{}", 503);
        await using var worse = await UpstreamStub.JsonAsync("{}", 500);
        var tenant = new TestTenant(_world.Control, _world.Gateway);
        var pools = new[] { tenant.Pool("vllm", bad.Url), tenant.Pool("sglang", worse.Url) };
        tenant.PutPool(pools[0]);
        tenant.PutPool(pools[1]);
        tenant.PutKeys(tenant.KeyEntry());
        var slug = $"metrics-{tenant.Id}";
        tenant.Put(tenant.Document(tenant.ModelOn(pools)) with { Slug = slug });
        await _world.Gateway.ReachAsync(_world.Control);
        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await tenant.PostAsync("""{"model":"sent by a caller","messages":[{"role":"user","content":"x"}]}""")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.PostAsync(tenant.Body(), ApiKeyFormat.Generate())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        var page = await PageAsync();

        var own = page.Where(l => l.Contains($"gateway_tenant=\"{slug}\"", StringComparison.Ordinal)).ToArray();
        Value(own, "gateway_upstream_retries", $"gateway_pool=\"{pools[0].Id}\"", "error_type=\"upstream_failed\"").ShouldBe(1);
        Value(own, "gateway_upstream_fallbacks", $"gateway_pool=\"{pools[0].Id}\"", "error_type=\"upstream_failed\"").ShouldBe(1);
        Value(own, "gen_ai_server_request_duration_seconds_count", "gen_ai_provider_name=\"sglang\"", "error_type=\"upstream_failed\"").ShouldBe(1);
        Value(own, "gateway_requests_rejected", "gateway_reason=\"caller\"", "gateway_error_code=\"model_not_found\"").ShouldBe(1);
        page.ShouldContain(l => l.StartsWith("gateway_requests_rejected", StringComparison.Ordinal) && l.Contains("gateway_error_code=\"invalid_api_key\"") && !l.Contains("gateway_tenant"));
        page.ShouldAllBe(l => !l.Contains("sent by a caller"));
    }

    [Fact]
    public async Task A_repeat_that_is_refused_is_counted_for_its_tenant()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await _world.TenantAsync(upstream.Url);
        (await tenant.AskAsync(tenant.Body(), "k")).Status.ShouldBe(200);

        (await tenant.AskAsync(tenant.Body(stream: true), "k")).Status.ShouldBe(400);
        (await tenant.AskAsync(tenant.Body(), new string('k', 256))).Status.ShouldBe(400);

        var own = (await PageAsync()).Where(l => l.Contains($"gateway_tenant=\"{tenant.Slug}\"", StringComparison.Ordinal)).ToArray();
        Value(own, "gateway_requests_rejected", "gateway_reason=\"caller\"", "gateway_error_code=\"idempotency_key_reuse\"").ShouldBe(1);
        Value(own, "gateway_requests_rejected", "gateway_reason=\"caller\"", "gateway_error_code=\"idempotency_key_invalid\"").ShouldBe(1);
    }

    [Fact]
    public async Task However_many_tenants_there_are_the_page_is_bounded()
    {
        var metrics = _world.Gateway.Services.GetRequiredService<GatewayMetrics>();
        var pools = Enumerable.Range(0, 1000).Select(_ => PoolId.New()).ToArray();
        for (var i = 0; i < pools.Length; i++)
        {
            var (tenant, model) = ($"many-{i}", $"model-{i}");
            metrics.Record(Record(model, pools[i]), metrics.SeriesOf(Operations.Chat, "vllm", tenant, model, pools[i]));
            metrics.Rejected("caller", $"code-{i}", tenant);
        }

        var page = await PageAsync();

        // Other gateways of this process have their tenants on it too.
        ValuesOf(page, "gateway_tenant").Count(v => v.StartsWith("many-", StringComparison.Ordinal)).ShouldBe(200);
        ValuesOf(page, "gen_ai_request_model").Count(v => v.StartsWith("model-", StringComparison.Ordinal)).ShouldBe(200);
        ValuesOf(page, "gateway_pool").Intersect(pools.Select(p => p.ToString())).Count().ShouldBe(200);
        ValuesOf(page, "gateway_error_code").Count(v => v.StartsWith("code-", StringComparison.Ordinal)).ShouldBe(100);
        page.Where(l => l.StartsWith("gen_ai_server_request_duration_seconds_count", StringComparison.Ordinal)
            && (l.Contains("\"many-", StringComparison.Ordinal) || l.Contains("gateway_tenant=\"_OTHER\"", StringComparison.Ordinal))).Sum(NumberOf).ShouldBe(1000);
        page.ShouldAllBe(l => !l.Contains("otel_metric_overflow"));
    }

    [Fact]
    public async Task An_answer_that_is_given_again_has_a_duration_and_no_tokens()
    {
        var metrics = _world.Gateway.Services.GetRequiredService<GatewayMetrics>();
        var pool = PoolId.New();

        metrics.Record(Record("model", pool) with { Cached = true }, metrics.SeriesOf(Operations.Chat, "vllm", "cached", "model", pool));

        var own = (await PageAsync()).Where(l => l.Contains(pool.ToString(), StringComparison.Ordinal)).ToArray();
        Value(own, "gen_ai_server_request_duration_seconds_count").ShouldBe(1);
        own.ShouldAllBe(l => l.StartsWith("gen_ai_server_request_duration"));
    }

    [Fact]
    public void Series_are_bounded_too_and_the_known_ones_are_found_again()
    {
        var table = new SeriesTable(new() { MaxSeries = 3 });
        var pool = PoolId.New();
        var first = table.Of(Operations.Chat, "vllm", "a", "m0", pool);

        var all = Enumerable.Range(0, 100).Select(i => table.Of(Operations.Chat, "vllm", "a", $"m{i}", pool)).ToArray();

        all[0].ShouldBeSameAs(first);
        all.Distinct().Count().ShouldBe(4);
        table.Of(Operations.Chat, "vllm", "a", "m0", pool).ShouldBeSameAs(first);
        all[99].Tags.ToArray().Select(t => t.Value).ShouldBe(["chat", "_OTHER", "vllm", "_OTHER", "_OTHER"]);
    }

    [Fact]
    public void Measuring_allocates_nothing_more_for_each_request()
    {
        var metrics = _world.Gateway.Services.GetRequiredService<GatewayMetrics>();
        var (pool, tenant) = (PoolId.New(), "alloc");
        var record = Record("model", pool);
        Measure(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Measure(1000);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);

        void Measure(int times)
        {
            for (var i = 0; i < times; i++)
                metrics.Record(record, metrics.SeriesOf(Operations.Chat, "vllm", tenant, "model", pool));
        }
    }

    private static UsageRecord Record(string model, PoolId pool) => new()
    {
        Id = RequestId.New(),
        AgentId = AgentId.New(),
        BootId = BootId.New(),
        StartedAt = DateTimeOffset.UnixEpoch,
        TenantId = TenantId.New(),
        ProjectId = ProjectId.New(),
        ModelAsked = model,
        ModelServed = model,
        PoolId = pool,
        EndpointId = EndpointId.New(),
        Operation = Operations.Chat,
        UsageSource = UsageSources.Provider,
        Status = 200,
        InputTokens = 1,
        OutputTokens = 2,
        Streamed = true,
        FirstTokenMs = 1,
        TotalMs = 2,
    };

    private static string[] BoundsOf(string[] lines, string name) =>
        [.. ValuesOf([.. lines.Where(l => l.StartsWith(name, StringComparison.Ordinal) && l.Contains("_bucket", StringComparison.Ordinal))], "le")];

    private static string[] ValuesOf(string[] lines, string label) =>
        [.. lines.Select(l => (Line: l, At: l.IndexOf($"{label}=\"", StringComparison.Ordinal) + label.Length + 2)).Where(l => l.At > label.Length + 1)
            .Select(l => l.Line[l.At..l.Line.IndexOf('"', l.At)]).Distinct()];

    private static double Value(string[] lines, string name, params string[] parts) => NumberOf(lines
        .Where(l => l.StartsWith(name, StringComparison.Ordinal) && parts.All(p => l.Contains(p, StringComparison.Ordinal))).ShouldHaveSingleItem());

    /// <summary>A line is <c>name{labels} value timestamp</c>; labels may hold blanks.</summary>
    private static double NumberOf(string line) => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<string[]> PageAsync()
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync($"http://127.0.0.1:{_port}/metrics", TestContext.Current.CancellationToken);
        return [.. text.Split('\n').Where(l => l.Length > 0 && l[0] != '#')];
    }
}
