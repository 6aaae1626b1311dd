using System.Net;
using Platform.GpuWorker.Tests.Running;

namespace Platform.GpuWorker.Tests.Faults;

public sealed class FaultTests
{
    private const string ChatPath = "/v1/chat/completions";

    [Fact]
    public async Task A_hanging_worker_takes_requests_and_never_answers_them()
    {
        await using var worker = await Worker.StartAsync("--fault", "hang");
        using var leave = new CancellationTokenSource();
        var call = worker.PostAsync(ChatPath, Worker.Chat("x"), "hung", leave.Token);
        await Worker.UntilAsync(() => Task.FromResult(worker.Log().Length == 1), "it is accepted");
        (await worker.Client.GetAsync("/health", TestContext.Current.CancellationToken)).IsSuccessStatusCode.ShouldBeTrue();
        call.IsCompleted.ShouldBeFalse();
        await leave.CancelAsync();
        await call.ShouldThrowAsync<OperationCanceledException>();
        var end = await worker.EndOfAsync("hung");
        (end.Outcome, end.CompletionTokens).ShouldBe(("aborted", 0));
    }

    [Fact]
    public async Task A_status_refuses_every_request_until_cleared()
    {
        await using var worker = await Worker.StartAsync();
        await worker.FaultAsync("status:503");
        await worker.AskAsync(ChatPath, Worker.Chat("x"), "refused", status: 503);
        (await worker.EndOfAsync("refused")).ShouldSatisfyAllConditions(l => l.Outcome.ShouldBe("rejected"), l => l.Status.ShouldBe(503));
        await worker.Client.DeleteAsync("/faults", TestContext.Current.CancellationToken);
        await worker.ChatAsync("x");
    }

    [Fact]
    public async Task Slow_multiplies_the_time_of_steps()
    {
        await using var worker = await Worker.StartAsync("--fault", "slow:10");
        var started = TimeProvider.System.GetTimestamp();
        await worker.ChatAsync("x", new { max_tokens = 50, ignore_eos = true });
        TimeProvider.System.GetElapsedTime(started).TotalMilliseconds.ShouldBeGreaterThan(350);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(6, 5)]
    public async Task A_cut_stream_ends_after_so_many_events_without_an_end(int events, int tokens)
    {
        await using var worker = await Worker.StartAsync();
        await worker.FaultAsync($"cut:{events}");
        var stream = await worker.StreamAsync(ChatPath, Worker.Chat("x", new { stream = true, max_tokens = 100, ignore_eos = true }), "cut");
        (stream.Chunks.Count, stream.Done, stream.Cut).ShouldBe((events, false, true));
        var end = await worker.EndOfAsync("cut");
        (end.Outcome, end.CompletionTokens, end.Status).ShouldBe(("failed", tokens, 200));
        await Worker.UntilAsync(async () => (await worker.MetricsAsync())["vllm:num_requests_running"] == 0, "the engine is empty");
    }

    [Fact]
    public async Task A_cut_plain_answer_breaks_in_the_middle()
    {
        await using var worker = await Worker.StartAsync("--fault", "cut:1");
        using var response = await worker.PostAsync(ChatPath, Worker.Chat("x"), "cut", TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        (await worker.EndOfAsync("cut")).Outcome.ShouldBe("failed");
    }

    [Theory]
    [InlineData("--fault", "usage-off")]
    [InlineData("--usage", "off")]
    public async Task Usage_can_be_off(string option, string value)
    {
        await using var worker = await Worker.StartAsync(option, value);
        (await worker.ChatAsync("x")).TryGetProperty("usage", out _).ShouldBeFalse();
        var options = new { include_usage = true, continuous_usage_stats = true };
        var stream = await worker.StreamAsync(ChatPath, Worker.Chat("x", new { stream = true, stream_options = options }));
        stream.Done.ShouldBeTrue();
        stream.WithUsage.ShouldBe(0);
    }

    [Fact]
    public async Task The_usage_chunk_alone_can_be_left_out()
    {
        await using var worker = await Worker.StartAsync("--fault", "drop-usage-chunk");
        (await worker.ChatAsync("x")).TryGetProperty("usage", out _).ShouldBeTrue();
        var stream = await worker.StreamAsync(ChatPath, Worker.Chat("x", new { stream = true, stream_options = new { include_usage = true } }));
        stream.Done.ShouldBeTrue();
        stream.Chunks.ShouldAllBe(c => c.GetProperty("choices").GetArrayLength() == 1);
    }

    [Fact]
    public async Task Metrics_can_be_stale_malformed_or_failing()
    {
        await using var worker = await Worker.StartAsync();
        var stop = TestContext.Current.CancellationToken;
        var before = await worker.Client.GetStringAsync("/metrics", stop);
        await worker.FaultAsync("metrics:stale");
        await worker.ChatAsync("x");
        (await worker.Client.GetStringAsync("/metrics", stop)).ShouldBe(before);
        await worker.FaultAsync("metrics:malformed");
        await Should.ThrowAsync<FormatException>(worker.MetricsAsync);
        await worker.FaultAsync("metrics:500");
        (await worker.Client.GetAsync("/metrics", stop)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        await worker.Client.DeleteAsync("/faults", stop);
        (await worker.MetricsAsync())["vllm:generation_tokens_total"].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Faults_add_up_are_listed_and_unknown_ones_are_refused()
    {
        await using var worker = await Worker.StartAsync("--fault", "slow:2");
        await worker.FaultAsync("status:429");
        (await worker.Client.GetStringAsync("/faults", TestContext.Current.CancellationToken)).ShouldBe("""{"modes":["slow:2","status:429"]}""");
        await worker.AskAsync("/faults", new { mode = "melt" }, status: 400);
        await worker.AskAsync("/faults", new { }, status: 400);
    }
}
