using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Hosting.Settings;

namespace Platform.Control.Data;

internal static class DataExtensions
{
    /// <summary>The unit of work, the config writer and the identity context; readiness needs the database.</summary>
    public static void AddData(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<DatabaseSettings>("Database");
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Database>();
        services.AddSingleton<ConfigWriter>();
        services.AddHostedService<IdempotencyPruning>();
        services.AddIdentityDb(provider => provider.GetRequiredService<Database>().PlatformSource);
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", timeout: TimeSpan.FromSeconds(3));
    }
}
