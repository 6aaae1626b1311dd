using System.Net;
using Platform.GpuWorker.Tests.Running;

namespace Platform.GpuWorker.Tests.Metrics;

public sealed class MetricsTests
{
    [Fact]
    public async Task VLLMs_page_shows_what_runs_and_waits_and_what_was_done()
    {
        await using var worker = await Worker.StartAsync("--time-scale", "1", "--max-num-seqs", "2", "--kv-blocks", "1000");
        using var leave = new CancellationTokenSource();
        var body = Worker.Chat(new string('x', 4000), new { stream = true, max_tokens = 5000, ignore_eos = true });
        var streams = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => worker.PostAsync("/v1/chat/completions", body, $"s{i}", leave.Token)));
        await Worker.UntilAsync(async () => (await worker.MetricsAsync())["vllm:generation_tokens_total"] > 20, "tokens");
        var busy = await worker.MetricsAsync();
        (busy["vllm:num_requests_running"], busy["vllm:num_requests_waiting"]).ShouldBe((2, 1));
        busy["vllm:kv_cache_usage_perc"].ShouldBeInRange(0.06, 0.2);
        busy.Names.ShouldContain(n => n.StartsWith("vllm:cache_config_info{", StringComparison.Ordinal) && n.Contains("block_size=\"16\"") && n.Contains("num_gpu_blocks=\"1000\""));
        foreach (var stream in streams)
            stream.Dispose();
        await Worker.UntilAsync(async () => (await worker.MetricsAsync())["vllm:num_requests_running"] == 0, "the engine is empty");
        var answer = await worker.ChatAsync("y", new { max_tokens = 30, ignore_eos = true });
        var idle = await worker.MetricsAsync();
        idle["vllm:e2e_request_latency_seconds_count"].ShouldBe(1);
        idle["vllm:e2e_request_latency_seconds_sum"].ShouldBeInRange(0.2, 5);
        idle["vllm:time_to_first_token_seconds_count"].ShouldBeGreaterThanOrEqualTo(3);
        idle["vllm:inter_token_latency_seconds_count"].ShouldBeGreaterThanOrEqualTo(29 + 20);
        idle["vllm:num_preemptions_total"].ShouldBe(0);
        answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(30);
    }

    [Theory]
    [InlineData("sglang", "sglang:num_running_reqs", "sglang:generation_tokens_total")]
    [InlineData("llamacpp", "llamacpp:requests_processing", "llamacpp:tokens_predicted_total")]
    public async Task Other_engines_names_are_spoken(string dialect, string running, string generated)
    {
        await using var worker = await Worker.StartAsync("--metrics", dialect);
        (await worker.MetricsAsync())[running].ShouldBe(0);
        await worker.ChatAsync("x", new { max_tokens = 12, ignore_eos = true });
        (await worker.MetricsAsync())[generated].ShouldBe(12);
    }

    [Fact]
    public async Task The_second_port_has_the_GPUs_metrics_and_nothing_else()
    {
        await using var worker = await Worker.StartAsync("--dcgm-port", "0", "--profile", "70b-tp4-h100", "--background", "8");
        using var dcgm = new HttpClient { BaseAddress = worker.DcgmAddress };
        var stop = TestContext.Current.CancellationToken;
        PrometheusSamples page = null!;
        await Worker.UntilAsync(
            async () => (page = PrometheusSamples.Parse(await dcgm.GetStringAsync("/metrics", stop))).Names.Count(n => n.StartsWith("DCGM_FI_DEV_GPU_UTIL{", StringComparison.Ordinal) && page[n] > 50) == 4,
            "four busy GPUs");
        page.Names.Count(n => n.StartsWith("DCGM_FI_DEV_FB_USED{", StringComparison.Ordinal)).ShouldBe(4);
        (await dcgm.GetAsync("/v1/models", stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await worker.MetricsAsync()).Names.ShouldNotContain(n => n.StartsWith("DCGM", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Background_load_keeps_its_sequences_running()
    {
        await using var worker = await Worker.StartAsync("--background", "50", "--time-scale", "0.02");
        await Worker.UntilAsync(async () => (await worker.MetricsAsync())["vllm:e2e_request_latency_seconds_count"] > 60, "a second round");
        (await worker.MetricsAsync())["vllm:num_requests_running"].ShouldBe(50);
        await worker.ChatAsync("x");
    }
}
