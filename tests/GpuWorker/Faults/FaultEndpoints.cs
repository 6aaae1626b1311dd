using System.Text.Json;
using Platform.GpuWorker.Api;
using Platform.GpuWorker.Options;

namespace Platform.GpuWorker.Faults;

internal static class FaultEndpoints
{
    public static IServiceCollection AddFaults(this IServiceCollection services, WorkerOptions options) =>
        services.AddSingleton(new FaultSwitch(options.Faults));

    /// <summary>
    /// <c>/faults</c>: GET lists what is on, POST <c>{"mode":"slow:2"}</c> adds one, DELETE clears all. Each answers
    /// <c>{"modes":[...]}</c>.
    /// </summary>
    public static void MapFaults(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/faults", (FaultSwitch faults) => Modes(faults));
        routes.MapDelete("/faults", (FaultSwitch faults) =>
        {
            faults.Clear();
            return Modes(faults);
        });
        routes.MapPost("/faults", async (HttpContext context, FaultSwitch faults) =>
        {
            using var body = await RequestBody.ReadAsync(context);
            var mode = body.Root is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("mode", out var value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            return mode is not null && faults.TryAdd(mode)
                ? Modes(faults)
                : ApiError.Invalid("mode", $"'mode' must be one of: {FaultSet.Names}.").ToResult();
        });
    }

    private static IResult Modes(FaultSwitch faults) => Results.Json(new { modes = faults.Current.Modes() });
}
