namespace Platform.GpuWorker.Serving;

internal static class ServingExtensions
{
    /// <summary>The engine and the loop that drives it.</summary>
    public static IServiceCollection AddServing(this IServiceCollection services) =>
        services.AddSingleton<EngineLoop>().AddHostedService(provider => provider.GetRequiredService<EngineLoop>());
}
