using Platform.GpuWorker.Options;
using Platform.GpuWorker.RequestLog;

namespace Platform.GpuWorker.Api;

/// <summary>As in vLLM, <c>--api-key</c> guards what is under <c>/v1</c> and nothing else.</summary>
internal sealed class ApiKeys(WorkerOptions options, RequestLogWriter log)
{
    private readonly HashSet<string> _accepted = [.. options.ApiKeys.Select(key => "Bearer " + key)];

    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (_accepted.Count == 0 || !context.Request.Path.StartsWithSegments("/v1") || _accepted.Contains(context.Request.Headers.Authorization.ToString()))
            return next(context);
        if (HttpMethods.IsPost(context.Request.Method))
            log.Begin(context).End(RequestOutcome.Rejected, ApiError.WrongKey.Status);
        return ApiError.WrongKey.WriteAsync(context);
    }
}
