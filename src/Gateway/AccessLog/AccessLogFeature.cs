using Platform.Hosting.Settings;

namespace Platform.Gateway.AccessLog;

internal static class AccessLogFeature
{
    private static readonly HashSet<string> Quiet = new(StringComparer.OrdinalIgnoreCase) { "/healthz", "/readyz", "/metrics" };

    /// <summary>A line for each request, where that is asked for.</summary>
    public static void AddAccessLog(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<AccessLogSettings>("AccessLog");
        builder.Services.AddSingleton<AccessLogger>();
    }

    /// <summary>Around all that answers. Not there at all where no log is asked for.</summary>
    public static void UseAccessLog(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<AccessLogSettings>().Enabled)
            return;
        var log = app.Services.GetRequiredService<AccessLogger>();
        app.Use(next => async context =>
        {
            try
            {
                await next(context);
            }
            finally
            {
                if (!Quiet.Contains(context.Request.Path))
                    log.Write(context);
            }
        });
    }
}
