using System.Globalization;
using System.Text.Json;
using Platform.GpuWorker.Tests.Running;

namespace Platform.GpuWorker.Tests.Api;

public sealed class AnswerTests
{
    private const string ChatPath = "/v1/chat/completions";

    // The machine may be busy with other things: what takes long enough must be seen once.
    private const int Tries = 4;

    [Fact]
    public async Task A_plain_answer_has_OpenAIs_shape_and_true_counts()
    {
        await using var worker = await Worker.StartAsync();
        var answer = await worker.ChatAsync("What is a plain answer?", requestId: "req-1");
        answer.GetProperty("id").GetString().ShouldBe("chatcmpl-req-1");
        answer.GetProperty("object").GetString().ShouldBe("chat.completion");
        answer.GetProperty("model").GetString().ShouldBe(Worker.Model);
        var choice = answer.GetProperty("choices").EnumerateArray().ShouldHaveSingleItem();
        choice.GetProperty("finish_reason").GetString().ShouldBe("stop");
        choice.GetProperty("message").GetProperty("role").GetString().ShouldBe("assistant");
        var usage = answer.GetProperty("usage");
        var (prompt, completion) = (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32());
        usage.GetProperty("total_tokens").GetInt32().ShouldBe(prompt + completion);
        usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(0);
        (await CountAsync(worker, new { prompt = choice.GetProperty("message").GetProperty("content").GetString() })).ShouldBe(completion);
        (await CountAsync(worker, new { messages = new[] { new { role = "user", content = "What is a plain answer?" } } })).ShouldBe(prompt);
    }

    [Fact]
    public async Task A_stream_gives_the_same_words_and_counts_as_the_plain_answer()
    {
        await using var worker = await Worker.StartAsync();
        var plain = await worker.ChatAsync("Tell me twice.");
        var stream = await worker.StreamAsync(ChatPath, Worker.Chat("Tell me twice.", new { stream = true, stream_options = new { include_usage = true } }));
        stream.Done.ShouldBeTrue();
        stream.Text.ShouldBe(plain.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        stream.FinishReason.ShouldBe("stop");
        stream.Chunks.Select(c => (c.GetProperty("id").GetString(), c.GetProperty("created").GetInt64())).Distinct().ShouldHaveSingleItem();
        stream.Chunks.ShouldAllBe(c => c.GetProperty("object").GetString() == "chat.completion.chunk");
        stream.Chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString().ShouldBe("assistant");
        stream.Chunks[^2].GetProperty("choices")[0].GetProperty("delta").EnumerateObject().ShouldBeEmpty();
        stream.WithUsage.ShouldBe(1);
        var usage = stream.Chunks[^1].GetProperty("usage");
        stream.Chunks[^1].GetProperty("choices").GetArrayLength().ShouldBe(0);
        usage.GetProperty("completion_tokens").GetInt32().ShouldBe(stream.Words);
        foreach (var member in new[] { "prompt_tokens", "completion_tokens", "total_tokens" })
            usage.GetProperty(member).GetInt32().ShouldBe(plain.GetProperty("usage").GetProperty(member).GetInt32());
    }

    [Fact]
    public async Task Without_include_usage_a_stream_carries_none()
    {
        await using var worker = await Worker.StartAsync();
        var stream = await worker.StreamAsync(ChatPath, Worker.Chat("Hello", new { stream = true, stream_options = new { continuous_usage_stats = true } }));
        stream.WithUsage.ShouldBe(0);
        stream.Chunks[^1].GetProperty("choices").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task With_continuous_usage_every_chunk_carries_the_count_so_far()
    {
        await using var worker = await Worker.StartAsync();
        var options = new { include_usage = true, continuous_usage_stats = true };
        var stream = await worker.StreamAsync(ChatPath, Worker.Chat("Hello", new { stream = true, max_tokens = 5, ignore_eos = true, stream_options = options }));
        stream.Chunks.Select(c => c.GetProperty("usage").GetProperty("completion_tokens").GetInt32()).ShouldBe([0, 1, 2, 3, 4, 5, 5, 5]);
        stream.Chunks.ShouldAllBe(c => Total(c.GetProperty("usage")) == 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completions_answer_a_text_or_token_ids(bool ids)
    {
        await using var worker = await Worker.StartAsync();
        var prompt = ids ? (object)new[] { 5, 6, 7, 8, 9 } : "Once upon a time";
        var plain = await worker.AskAsync("/v1/completions", new { model = Worker.Model, prompt, max_tokens = 10 });
        plain.GetProperty("object").GetString().ShouldBe("text_completion");
        plain.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(ids ? 5 : 4);
        var stream = await worker.StreamAsync("/v1/completions", new { model = Worker.Model, prompt, max_tokens = 10, stream = true });
        stream.Done.ShouldBeTrue();
        stream.Text.ShouldBe(plain.GetProperty("choices")[0].GetProperty("text").GetString());
        stream.FinishReason.ShouldBe(plain.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Ignore_eos_gives_exactly_max_tokens()
    {
        await using var worker = await Worker.StartAsync();
        foreach (var limit in new object[] { new { max_tokens = 333, ignore_eos = true }, new { max_completion_tokens = 333, ignore_eos = true } })
        {
            var answer = await worker.ChatAsync("Go on", limit);
            answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(333);
            answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("length");
        }
    }

    [Fact]
    public async Task A_prompt_seen_before_is_reported_as_cached_and_starts_sooner()
    {
        await using var worker = await Worker.StartAsync("--time-scale", "1");
        var text = string.Concat(Enumerable.Range(0, 4000).Select(i => $"word{i} "));
        var started = TimeProvider.System.GetTimestamp();
        var fresh = await worker.ChatAsync(text, new { max_tokens = 1 });
        TimeProvider.System.GetElapsedTime(started).TotalMilliseconds.ShouldBeGreaterThan(225);
        (await FastestAsync(worker, text, new { max_tokens = 1 })).TotalMilliseconds.ShouldBeLessThan(150);
        var prompt = fresh.GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
        var again = await worker.ChatAsync(text, new { max_tokens = 1 });
        again.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe((prompt - 1) / 16 * 16);
        var other = await worker.ChatAsync(text, new { max_tokens = 1, cache_salt = "another tenant" });
        other.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(0);
        var metrics = await worker.MetricsAsync();
        metrics["vllm:prefix_cache_queries_total"].ShouldBe((3 + Tries) * prompt);
        metrics["vllm:prefix_cache_hits_total"].ShouldBe((1 + Tries) * ((prompt - 1) / 16 * 16));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    public async Task The_time_scale_stretches_an_answer(double scale)
    {
        await using var worker = await Worker.StartAsync("--time-scale", scale.ToString(CultureInfo.InvariantCulture));
        // 5 ms of overhead, a step of prefill and 99 of decoding; a timer's grain early at most.
        var modelled = 725 * scale;
        var fastest = await FastestAsync(worker, "A hundred steps of 7.2 ms", new { max_tokens = 100, ignore_eos = true });
        fastest.TotalMilliseconds.ShouldBeInRange(modelled - 1.5, modelled + 200);
    }

    [Fact]
    public async Task Models_health_and_version_say_what_it_is()
    {
        await using var worker = await Worker.StartAsync("--max-model-len", "5000");
        var stop = TestContext.Current.CancellationToken;
        var models = JsonElement.Parse(await worker.Client.GetStringAsync("/v1/models", stop));
        models.GetProperty("data")[0].GetProperty("id").GetString().ShouldBe(Worker.Model);
        models.GetProperty("data")[0].GetProperty("max_model_len").GetInt32().ShouldBe(5000);
        (await worker.Client.GetAsync("/health", stop)).IsSuccessStatusCode.ShouldBeTrue();
        (await worker.Client.GetStringAsync("/version", stop)).ShouldContain("simulator");
    }

    private static int Total(JsonElement usage) =>
        usage.GetProperty("total_tokens").GetInt32() - usage.GetProperty("prompt_tokens").GetInt32() - usage.GetProperty("completion_tokens").GetInt32();

    private static async Task<int> CountAsync(Worker worker, object body)
    {
        var counted = await worker.AskAsync("/tokenize", body);
        counted.GetProperty("tokens").GetArrayLength().ShouldBe(counted.GetProperty("count").GetInt32());
        counted.GetProperty("max_model_len").GetInt32().ShouldBe(131_072);
        return counted.GetProperty("count").GetInt32();
    }

    private static async Task<TimeSpan> FastestAsync(Worker worker, string text, object more)
    {
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await worker.ChatAsync(text, more);
            var time = TimeProvider.System.GetElapsedTime(started);
            fastest = time < fastest ? time : fastest;
        }
        return fastest;
    }
}
