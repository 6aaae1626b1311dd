using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Ids;
using Platform.Gateway.AccessLog;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>The line that each request leaves, and what never is in it.</summary>
public sealed class AccessLogTests : IAsyncLifetime
{
    private const string Answer = """{"choices":[{"message":{"content":"the answer's own words"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":11}}""";

    private readonly Lines _lines = new();
    private GatewayFixture? _started;

    private GatewayFixture World => _started!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_started is not null)
            await _started.DisposeAsync();
        _lines.Dispose();
    }

    [Fact]
    public async Task An_answered_request_has_one_line_with_what_it_was()
    {
        await StartAsync();
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await World.TenantAsync(upstream.Url);

        using var response = await tenant.PostAsync(tenant.Body());
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var record = await tenant.RecordAsync();

        var line = await LineAsync();
        line["RequestId"].ShouldBe(record.Id.ToString());
        (line["Method"], line["Route"], line["Status"], line["ErrorCode"]).ShouldBe(("POST", "/v1/chat/completions", "200", null));
        (line["Tenant"], line["KeyId"], line["Model"], line["Operation"], line["Streamed"]).ShouldBe((tenant.Slug, record.ApiKeyId.ToString(), tenant.Model, "chat", "False"));
        (line["PoolId"], line["EndpointId"]).ShouldBe((record.PoolId.ToString(), record.EndpointId.ToString()));
        (line["InputTokens"], line["OutputTokens"], line["UsageSource"], line["Tries"]).ShouldBe(("5", "11", "provider", "1"));
        (line["BytesOut"], line["Address"]).ShouldBe((body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), "127.0.0.0/24"));
        foreach (var time in new[] { "QueueMs", "FirstTokenMs", "TotalMs" })
            double.Parse(line[time]!, System.Globalization.CultureInfo.CurrentCulture).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Neither_keys_nor_prompts_nor_answers_nor_paths_of_callers_are_ever_told()
    {
        await StartAsync();
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        await using var refusing = await UpstreamStub.JsonAsync("""{"error":{"message":"refused in their own words","type":"invalid_request_error","param":null,"code":"own_code"}}""", 400);
        var tenant = await World.TenantAsync(upstream.Url);
        var refused = await World.TenantAsync(refusing.Url);
        var prompt = """{"model":"some/model-1","messages":[{"role":"user","content":"the prompt's own words"}]}""";
        var stranger = ApiKeyFormat.Generate();

        Func<Task<HttpResponseMessage>>[] requests =
        [
            () => tenant.PostAsync(prompt),
            () => refused.PostAsync(prompt),
            () => tenant.PostAsync(prompt, stranger),
            () => tenant.PostAsync("""{"model":"a model of the caller's own words","messages":[{"role":"user","content":"x"}]}"""),
            () => tenant.PostAsync("no JSON, but the caller's own words"),
            () => tenant.Gateway.Http.GetAsync($"/own/words?key={stranger}", TestContext.Current.CancellationToken),
            () => tenant.Gateway.Http.SendAsync(new(new("OWN-WORDS"), "/v1/chat/completions"), TestContext.Current.CancellationToken),
        ];
        for (var i = 0; i < requests.Length; i++)
        {
            (await requests[i]()).Dispose();
            await Until.TrueAsync(() => _lines.Count == i + 1);
        }

        var text = string.Join('\n', _lines.Texts);
        foreach (var secret in new[] { "own words", "own/words", "OWN-WORDS", "own_code", tenant.Key, stranger, stranger[3..12] })
            text.ShouldNotContain(secret, Case.Insensitive);
        _lines.Fields.Select(l => (l["Status"], l["ErrorCode"])).ShouldBe(
        [
            ("200", null), ("400", "upstream_rejected"), ("401", "invalid_api_key"), ("404", "model_not_found"), ("400", "invalid_json"),
            ("404", "unknown_url"), ("405", "method_not_allowed"),
        ]);
        _lines.Fields.Select(l => l["Tenant"]).ShouldBe([tenant.Slug, refused.Slug, null, tenant.Slug, tenant.Slug, null, null]);
    }

    [Fact]
    public async Task Strangers_have_so_many_lines_in_a_second_and_what_is_left_out_is_told()
    {
        await StartAsync("AccessLog:MaxStrangersPerSecond=3");
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await World.TenantAsync(upstream.Url);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => tenant.PostAsync(tenant.Body(), ApiKeyFormat.Generate())));
        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Until.TrueAsync(() => _lines.Count + _lines.LeftOut == 101);
        _lines.LeftOut.ShouldBeGreaterThan(50);
        _lines.Fields.ShouldContain(l => l["Status"] == "200");
    }

    [Fact]
    public void A_budget_begins_anew_with_each_second_and_tells_once_what_was_left_out()
    {
        var time = new ManualTime();
        var told = new List<long>();
        using var budget = new LineBudget(2, time, told.Add);

        Enumerable.Range(0, 5).Count(_ => budget.TryTake()).ShouldBe(2);
        time.Advance(TimeSpan.FromSeconds(1));
        Enumerable.Range(0, 2).Count(_ => budget.TryTake()).ShouldBe(2);
        time.Advance(TimeSpan.FromSeconds(5));

        told.ShouldBe([3]);
    }

    [Fact]
    public async Task Without_the_setting_there_is_no_line()
    {
        await StartAsync("AccessLog:Enabled=false");
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await World.TenantAsync(upstream.Url);

        await tenant.PostAsync(tenant.Body());
        await tenant.RecordAsync();
        await World.Gateway.StopAsync();

        _lines.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("203.0.113.77", "Masked", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "Masked", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "Masked", "2001:db8:1::/48")]
    [InlineData("203.0.113.77", "Full", "203.0.113.77")]
    [InlineData("203.0.113.77", "None", null)]
    public void An_address_is_told_as_the_settings_say(string address, string form, string? expected) =>
        CallerAddress.Of(IPAddress.Parse(address), Enum.Parse<AddressForm>(form)).ShouldBe(expected);

    private async Task StartAsync(params string[] settings)
    {
        _started = new() { Settings = ["AccessLog:Enabled=true", $"Logging:LogLevel:{AccessLogger.Category}=Information", .. settings] };
        await World.InitializeAsync();
        World.Gateway.Services.GetRequiredService<ILoggerFactory>().AddProvider(_lines);
    }

    private async Task<IReadOnlyDictionary<string, string?>> LineAsync()
    {
        await Until.TrueAsync(() => _lines.Count > 0);
        return _lines.Fields.ShouldHaveSingleItem();
    }

    /// <summary>Keeps what is logged, as texts and as fields.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        private const int RequestLine = 600;

        private readonly ConcurrentQueue<IReadOnlyDictionary<string, string?>> _fields = new();
        private readonly ConcurrentQueue<string> _texts = new();
        private long _leftOut;

        public int Count => _fields.Count;

        public long LeftOut => Interlocked.Read(ref _leftOut);

        public IReadOnlyCollection<IReadOnlyDictionary<string, string?>> Fields => _fields;

        public IReadOnlyCollection<string> Texts => _texts;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var pairs = (IReadOnlyList<KeyValuePair<string, object?>>)state!;
            _texts.Enqueue(formatter(state, exception) + string.Join(' ', pairs.Select(p => p.Value)));
            if (eventId.Id == RequestLine)
                _fields.Enqueue(pairs.ToDictionary(p => p.Key, p => p.Value?.ToString()));
            else
                Interlocked.Add(ref _leftOut, (long)pairs[0].Value!);
        }

        public void Dispose()
        {
        }
    }
}
