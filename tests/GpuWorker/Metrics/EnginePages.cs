using Platform.GpuWorker.Engine;
using Platform.GpuWorker.Options;

namespace Platform.GpuWorker.Metrics;

/// <summary>The engine's metrics in the names of the engine that <c>--metrics</c> chose.</summary>
internal static class EnginePages
{
    public static string Write(WorkerOptions options, EngineMetrics metrics) => options.Metrics switch
    {
        MetricsDialect.Vllm => Vllm(options, metrics),
        MetricsDialect.Sglang => Sglang(options, metrics),
        MetricsDialect.LlamaCpp => LlamaCpp(metrics),
        _ => throw new InvalidOperationException($"No page for {options.Metrics}."),
    };

    private static string Vllm(WorkerOptions options, EngineMetrics metrics)
    {
        var stats = metrics.Stats;
        return new PrometheusPage($"engine=\"0\",model_name=\"{PrometheusPage.Escape(options.Model)}\"")
            .Gauge("vllm:num_requests_running", "Requests in the model's batch.", stats.Running)
            .Gauge("vllm:num_requests_waiting", "Requests that wait to be scheduled.", stats.Waiting)
            .Gauge("vllm:kv_cache_usage_perc", "Share of the KV cache in use, 1 is all.", stats.KvUsage)
            .Gauges("vllm:cache_config_info", "The cache's configuration.",
                [($"block_size=\"{BlockChain.BlockTokens}\",enable_prefix_caching=\"True\",num_gpu_blocks=\"{options.Limits.KvBlocks}\"", 1)])
            .Counter("vllm:prefix_cache_queries_total", "Prompt tokens looked up in the prefix cache.", stats.PrefixQueries)
            .Counter("vllm:prefix_cache_hits_total", "Prompt tokens found in the prefix cache.", stats.PrefixHits)
            .Counter("vllm:num_preemptions_total", "Preemptions.", stats.Preemptions)
            .Counter("vllm:prompt_tokens_total", "Prompt tokens processed.", stats.PromptTokens)
            .Counter("vllm:generation_tokens_total", "Tokens generated.", stats.GeneratedTokens)
            .Histogram("vllm:time_to_first_token_seconds", "Time to first token.", metrics.TimeToFirstToken)
            .Histogram("vllm:inter_token_latency_seconds", "Time between tokens.", metrics.InterTokenLatency)
            .Histogram("vllm:e2e_request_latency_seconds", "Time from arrival to the last token.", metrics.RequestLatency)
            .Counter("gpuworker:time_lost_seconds_total", "Time by which the simulator was slower than its model.", stats.Lost.TotalSeconds)
            .ToString();
    }

    private static string Sglang(WorkerOptions options, EngineMetrics metrics)
    {
        var stats = metrics.Stats;
        var tokens = options.Limits.KvBlocks * BlockChain.BlockTokens;
        return new PrometheusPage($"engine_type=\"unified\",model_name=\"{PrometheusPage.Escape(options.Model)}\"")
            .Gauge("sglang:num_running_reqs", "Running requests.", stats.Running)
            .Gauge("sglang:num_queue_reqs", "Requests in the waiting queue.", stats.Waiting)
            .Gauge("sglang:token_usage", "Share of the token pool in use, 1 is all.", stats.KvUsage)
            .Gauge("sglang:num_used_tokens", "Tokens of the pool in use.", stats.KvUsage * tokens)
            .Gauges("sglang:cache_config_info", "The cache's configuration.",
                [($"page_size=\"{BlockChain.BlockTokens}\",num_pages=\"{options.Limits.KvBlocks}\"", 1)])
            .Gauge("sglang:cache_hit_rate", "Share of prompt tokens found in the prefix cache.",
                stats.PrefixQueries == 0 ? 0 : (double)stats.PrefixHits / stats.PrefixQueries)
            .Gauge("sglang:gen_throughput", "Tokens generated in a second.", metrics.GenerationRate.PerSecond)
            .Counter("sglang:prompt_tokens_total", "Prompt tokens processed.", stats.PromptTokens)
            .Counter("sglang:generation_tokens_total", "Tokens generated.", stats.GeneratedTokens)
            .Histogram("sglang:time_to_first_token_seconds", "Time to first token.", metrics.TimeToFirstToken)
            .Histogram("sglang:inter_token_latency_seconds", "Time between tokens.", metrics.InterTokenLatency)
            .Histogram("sglang:e2e_request_latency_seconds", "Time from arrival to the last token.", metrics.RequestLatency)
            .ToString();
    }

    private static string LlamaCpp(EngineMetrics metrics)
    {
        var stats = metrics.Stats;
        return new PrometheusPage("")
            .Counter("llamacpp:prompt_tokens_total", "Number of prompt tokens processed.", stats.PromptTokens)
            .Counter("llamacpp:tokens_predicted_total", "Number of generation tokens processed.", stats.GeneratedTokens)
            .Counter("llamacpp:n_decode_total", "Total number of llama_decode() calls.", stats.Steps)
            .Gauge("llamacpp:n_busy_slots_per_decode", "Average number of busy slots per llama_decode() call.",
                stats.Steps == 0 ? 0 : (double)stats.BusySlots / stats.Steps)
            .Gauge("llamacpp:prompt_tokens_seconds", "Prompt throughput in tokens/s.", metrics.PromptRate.PerSecond)
            .Gauge("llamacpp:predicted_tokens_seconds", "Generation throughput in tokens/s.", metrics.GenerationRate.PerSecond)
            .Gauge("llamacpp:requests_processing", "Number of requests processing.", stats.Running)
            .Gauge("llamacpp:requests_deferred", "Number of requests deferred.", stats.Waiting)
            .ToString();
    }
}
