using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Platform.GpuWorker.Options;

namespace Platform.GpuWorker.Tests.Running;

/// <summary>A worker on real sockets in this process, ten times faster than its GPU and without noise unless told otherwise.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _log;

    private Worker(WebApplication app, string log)
    {
        (_app, _log) = (app, log);
        var (api, dcgm) = WorkerApp.Addresses(app);
        DcgmAddress = dcgm;
        // A response that is dropped closes its connection at once.
        Client = new(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = api, Timeout = TimeSpan.FromSeconds(20) };
    }

    public const string Model = "llama-test";

    public HttpClient Client { get; }

    public Uri? DcgmAddress { get; }

    /// <param name="arguments">More of the command line; a later option wins.</param>
    public static async Task<Worker> StartAsync(params string[] arguments)
    {
        var log = Path.Combine(Path.GetTempPath(), $"gpuworker-{Guid.NewGuid():N}.jsonl");
        var (options, faults) = CommandLine.Parse(["--port", "0", "--model", Model, "--time-scale", "0.1", "--noise", "0", "--log", log, .. arguments]);
        faults.ShouldBeEmpty();
        var app = WorkerApp.Build(options);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, log);
    }

    /// <summary>A chat request with one user message; <paramref name="more"/> is merged into the body.</summary>
    public static Dictionary<string, object?> Chat(string text, object? more = null)
    {
        var body = new Dictionary<string, object?> { ["model"] = Model, ["messages"] = new[] { new { role = "user", content = text } } };
        foreach (var property in more?.GetType().GetProperties() ?? [])
            body[property.Name] = property.GetValue(more);
        return body;
    }

    public async Task<HttpResponseMessage> PostAsync(string path, object body, string? requestId = null, CancellationToken stop = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (requestId is not null)
            request.Headers.Add("x-request-id", requestId);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, TestContext.Current.CancellationToken);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
    }

    /// <summary>Posts and reads the whole answer as JSON.</summary>
    public async Task<JsonElement> AskAsync(string path, object body, string? requestId = null, int status = 200)
    {
        using var response = await PostAsync(path, body, requestId);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(status, text);
        return JsonElement.Parse(text);
    }

    public Task<JsonElement> ChatAsync(string text, object? more = null, string? requestId = null) =>
        AskAsync("/v1/chat/completions", Chat(text, more), requestId);

    /// <summary>Posts a request for a stream and reads it to its end.</summary>
    public async Task<EventList> StreamAsync(string path, object body, string? requestId = null)
    {
        using var response = await PostAsync(path, body, requestId);
        response.EnsureSuccessStatusCode();
        response.Content.Headers.ContentType.ShouldBe(new MediaTypeHeaderValue("text/event-stream", "utf-8"));
        return await EventList.ReadAsync(response);
    }

    public async Task FaultAsync(string mode)
    {
        using var response = await PostAsync("/faults", new { mode });
        response.EnsureSuccessStatusCode();
    }

    public async Task<PrometheusSamples> MetricsAsync() =>
        PrometheusSamples.Parse(await Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));

    /// <summary>Waits for a state that must come.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var deadline = DateTimeOffset.UtcNow.AddSeconds(10);
        while (!await holds())
        {
            (DateTimeOffset.UtcNow < deadline).ShouldBeTrue($"waited in vain for: {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public LogLine[] Log()
    {
        using var reader = new StreamReader(new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(LogLine.Parse)];
    }

    /// <summary>The line that ends a request, once it is there.</summary>
    public async Task<LogLine> EndOfAsync(string requestId)
    {
        LogLine? end = null;
        await UntilAsync(() => Task.FromResult((end = Log().SingleOrDefault(l => l.Id == requestId && l.Outcome != "accepted")) is not null), "end of " + requestId);
        return end!;
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
        File.Delete(_log);
    }
}
