using Platform.Gateway.Caching;
using Platform.Gateway.Idempotency;
using Platform.Hosting.Settings;

namespace Platform.Gateway.KeptAnswers;

internal static class KeptAnswersFeature
{
    /// <summary>Answers that are given again: to a repeated <c>Idempotency-Key</c>, and from the cache.</summary>
    public static void AddKeptAnswers(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<IdempotencySettings>("Idempotency");
        builder.AddSettings<CacheSettings>("Cache");
        builder.Services
            .AddSingleton<KeptMetrics>()
            .AddSingleton<KeptWriter>()
            .AddSingleton<AnswerCopies>()
            .AddSingleton<IdempotencyStore>()
            .AddSingleton<GroupQuestions>()
            .AddSingleton<IdempotencyMeter>()
            .AddSingleton<IdempotencyGate>()
            .AddSingleton<ResponseCache>()
            .AddSingleton<CacheGate>()
            .AddHostedService<Sweeping>();
    }
}
