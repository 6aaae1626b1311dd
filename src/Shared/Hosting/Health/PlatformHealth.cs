using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.Hosting.Health;

/// <summary>
/// <c>/healthz</c>: the process answers. <c>/readyz</c>: it may get traffic; 503 with the names of what is missing.
/// Register checks with <c>services.AddHealthChecks().AddCheck(...)</c>; all of them count for readiness.
/// </summary>
internal static class PlatformHealth
{
    public static void AddPlatformHealth(this IServiceCollection services) => services.AddHealthChecks();

    public static void MapPlatformHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok\n")).AllowAnonymous().ExcludeFromDescription();
        routes.MapHealthChecks("/readyz", new HealthCheckOptions { ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        var checks = report.Entries.ToDictionary(e => e.Key, e => e.Value.Status.ToString().ToLowerInvariant());
        return context.Response.WriteAsync(
            JsonSerializer.Serialize(new { status = report.Status.ToString().ToLowerInvariant(), checks }), context.RequestAborted);
    }
}
