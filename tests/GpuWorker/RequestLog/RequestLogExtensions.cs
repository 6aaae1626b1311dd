using Platform.GpuWorker.Options;

namespace Platform.GpuWorker.RequestLog;

internal static class RequestLogExtensions
{
    public static IServiceCollection AddRequestLog(this IServiceCollection services, WorkerOptions options) =>
        services.AddSingleton(provider => new RequestLogWriter(options.LogFile, provider.GetRequiredService<TimeProvider>()));
}
