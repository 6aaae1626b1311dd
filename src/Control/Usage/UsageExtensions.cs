using Platform.Contracts.Messages;
using Platform.Control.Access;
using Platform.Control.Bus;
using Platform.Control.Exports;

namespace Platform.Control.Usage;

internal static class UsageExtensions
{
    /// <summary>The ledger, what fills it, and the watch over gaps. Needs the bus, agents and delivery.</summary>
    public static void AddUsage(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<UsageMeter>();
        services.AddSingleton<Quarantine>();
        services.AddSingleton<Ledger>();
        services.AddSingleton<UsageIntake>();
        services.AddSingleton(provider => new AgentQueue(BusTopology.Usage, provider.GetRequiredService<UsageIntake>().HandleAsync, Prefetch: 4));
        services.AddSingleton<GapWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<GapWatch>());
    }

    /// <summary>For any member, billing too, and operators.</summary>
    public static void MapUsage(this IEndpointRouteBuilder tenant)
    {
        tenant.MapGet("/usage", UsageEndpoints.TotalsAsync).WithName("GetUsage").WithTags("Usage").WithSummary("Totals of usage").Needs(Rights.UsageRead);
        tenant.MapGet("/usage/export", UsageEndpoints.ExportAsync).WithName("ExportUsage")
            .WithTags("Usage").WithSummary("Every record of usage as CSV").Needs(Rights.UsageRead)
            .Produces<string>(StatusCodes.Status200OK, "text/csv").IsExport();
    }
}
