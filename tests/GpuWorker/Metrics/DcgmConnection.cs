using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Platform.GpuWorker.Metrics;

/// <summary>A feature of the connections to the second port, which has nothing but the GPUs' metrics.</summary>
internal sealed class DcgmConnection
{
    private static readonly DcgmConnection Mark = new();

    public static void MarkAll(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(Mark);
        return next(connection);
    });

    /// <summary>Whether a request may go on: on the second port only to <c>/metrics</c>.</summary>
    public static bool Allows(HttpContext context) =>
        context.Features.Get<DcgmConnection>() is null || context.Request.Path == "/metrics";
}
