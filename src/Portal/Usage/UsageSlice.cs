namespace Platform.Portal.Usage;

internal static class UsageSlice
{
    public static void MapUsage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/t/{slug}/usage/export", UsageExport.HandleAsync).RequireAuthorization();
}
