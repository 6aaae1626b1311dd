using System.Text.Json;
using Platform.GpuWorker.Tests.Running;

namespace Platform.GpuWorker.Tests.RequestLog;

public sealed class RequestLogTests
{
    private const string ChatPath = "/v1/chat/completions";

    [Fact]
    public async Task Every_request_has_one_line_when_accepted_and_one_at_its_end_with_what_its_caller_got()
    {
        await using var worker = await Worker.StartAsync("--time-scale", "0.02");
        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(i => AskAsync(worker, i)));
        var log = worker.Log();
        log.Length.ShouldBe(240);
        foreach (var (id, usage) in answers)
        {
            var lines = log.Where(l => l.Id == id).ToArray();
            lines.Select(l => l.Outcome).ShouldBe(["accepted", "finished"]);
            var end = lines[1];
            (end.Status, end.Model).ShouldBe((200, Worker.Model));
            end.PromptTokens.ShouldBe(usage.GetProperty("prompt_tokens").GetInt32());
            end.CompletionTokens.ShouldBe(usage.GetProperty("completion_tokens").GetInt32());
            end.CachedTokens.ShouldBe(usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        }
        var metrics = await worker.MetricsAsync();
        metrics["vllm:generation_tokens_total"].ShouldBe(log.Sum(l => l.CompletionTokens));
        metrics["vllm:prompt_tokens_total"].ShouldBe(log.Where(l => l.Outcome == "finished").Sum(l => l.PromptTokens));
    }

    [Fact]
    public async Task A_caller_who_leaves_a_stream_aborts_its_sequence_and_the_log_counts_what_was_sent()
    {
        await using var worker = await Worker.StartAsync("--time-scale", "1");
        var body = Worker.Chat("long", new { stream = true, max_tokens = 50_000, ignore_eos = true });
        using (var response = await worker.PostAsync(ChatPath, body, "leaver", TestContext.Current.CancellationToken))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            for (var line = 0; line < 20; line++)
                await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        var end = await worker.EndOfAsync("leaver");
        (end.Outcome, end.Status, end.Stream).ShouldBe(("aborted", 200, true));
        end.CompletionTokens.ShouldBeInRange(9, 200);
        await Worker.UntilAsync(async () => (await worker.MetricsAsync())["vllm:num_requests_running"] == 0, "the engine is empty");
        (await worker.MetricsAsync())["vllm:kv_cache_usage_perc"].ShouldBe(0);
    }

    [Fact]
    public async Task A_caller_who_leaves_a_plain_request_aborts_it_while_it_runs_or_waits()
    {
        await using var worker = await Worker.StartAsync("--time-scale", "1", "--max-num-seqs", "1");
        using var leave = new CancellationTokenSource();
        var body = Worker.Chat("long", new { max_tokens = 50_000, ignore_eos = true });
        Task[] calls = [worker.PostAsync(ChatPath, body, "runs", leave.Token), worker.PostAsync(ChatPath, body, "waits", leave.Token)];
        await Worker.UntilAsync(async () => (await worker.MetricsAsync())["vllm:num_requests_waiting"] == 1, "one waits");
        await leave.CancelAsync();
        foreach (var call in calls)
            await call.ShouldThrowAsync<OperationCanceledException>();
        foreach (var id in new[] { "runs", "waits" })
        {
            var end = await worker.EndOfAsync(id);
            (end.Outcome, end.Status, end.CompletionTokens).ShouldBe(("aborted", 499, 0));
        }
        await Worker.UntilAsync(async () => (await worker.MetricsAsync())["vllm:num_requests_running"] == 0, "the engine is empty");
        (await worker.MetricsAsync())["vllm:num_requests_waiting"].ShouldBe(0);
    }

    [Fact]
    public async Task A_worker_that_stops_cuts_what_runs_and_logs_it_as_failed()
    {
        await using var worker = await Worker.StartAsync("--time-scale", "1");
        var body = Worker.Chat("long", new { stream = true, max_tokens = 50_000, ignore_eos = true });
        using var response = await worker.PostAsync(ChatPath, body, "stopped", TestContext.Current.CancellationToken);
        var events = EventList.ReadAsync(response);
        await worker.StopAsync();
        (await events).ShouldSatisfyAllConditions(e => e.Cut.ShouldBeTrue(), e => e.Done.ShouldBeFalse());
        var end = await worker.EndOfAsync("stopped");
        (end.Outcome, end.Status).ShouldBe(("failed", 200));
    }

    [Fact]
    public async Task A_request_without_an_id_is_logged_with_null()
    {
        await using var worker = await Worker.StartAsync();
        await worker.ChatAsync("x");
        worker.Log().ShouldAllBe(l => l.Id == null);
    }

    private static async Task<(string Id, JsonElement Usage)> AskAsync(Worker worker, int i)
    {
        var id = $"req-{i}";
        if (i % 2 == 0)
            return (id, (await worker.ChatAsync($"question {i / 4}", requestId: id)).GetProperty("usage"));
        var stream = await worker.StreamAsync(ChatPath, Worker.Chat($"question {i / 4}", new { stream = true, stream_options = new { include_usage = true } }), id);
        return (id, stream.Chunks[^1].GetProperty("usage"));
    }
}
