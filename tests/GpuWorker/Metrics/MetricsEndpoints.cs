using Platform.GpuWorker.Faults;
using Platform.GpuWorker.Options;

namespace Platform.GpuWorker.Metrics;

internal static class MetricsEndpoints
{
    // Starts well, then a sample without a value, one that is no number, an open label set and a cut line.
    private const string Malformed = "# HELP vllm:num_requests_running Requests in the model's batch.\n"
        + "# TYPE vllm:num_requests_running gauge\nvllm:num_requests_running\nvllm:num_requests_waiting{engine=\"0\"} many\n"
        + "vllm:kv_cache_usage_perc{engine=\"0 NaN\n\u0000\u0001{}}{ 1 2 3\nvllm:prompt_tokens_tot";

    public static IServiceCollection AddEngineMetrics(this IServiceCollection services) => services.AddSingleton<EngineMetrics>();

    /// <summary><c>/metrics</c>: the engine's page; on the second port, the GPUs' page.</summary>
    public static void MapEngineMetrics(this IEndpointRouteBuilder routes)
    {
        var last = (string?)null;
        routes.MapGet("/metrics", (HttpContext context, WorkerOptions options, EngineMetrics metrics, FaultSwitch faults) =>
        {
            if (context.Features.Get<DcgmConnection>() is not null)
                return Page(DcgmPage.Write(options, metrics, faults.Current));
            switch (faults.Current.Metrics)
            {
                case MetricsFault.Error:
                    return Results.Text("Internal Server Error", statusCode: StatusCodes.Status500InternalServerError);
                case MetricsFault.Malformed:
                    return Page(Malformed);
                case MetricsFault.Stale when Volatile.Read(ref last) is { } page:
                    return Page(page);
                default:
                    var fresh = EnginePages.Write(options, metrics);
                    Volatile.Write(ref last, fresh);
                    return Page(fresh);
            }
        });
    }

    private static IResult Page(string text) => Results.Text(text, PrometheusPage.ContentType);
}
