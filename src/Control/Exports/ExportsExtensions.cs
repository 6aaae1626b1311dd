using Platform.Hosting.Settings;

namespace Platform.Control.Exports;

internal static class ExportsExtensions
{
    /// <summary>What every endpoint that answers a file takes its place from.</summary>
    public static void AddExports(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ExportSettings>("Exports");
        builder.Services.AddSingleton<ExportPlaces>();
    }

    /// <summary>The endpoint may answer that there is no place.</summary>
    public static RouteHandlerBuilder IsExport(this RouteHandlerBuilder endpoint) => endpoint.ProducesProblem(StatusCodes.Status429TooManyRequests);
}
