using System.Text.Json;
using Microsoft.Extensions.Logging.Console;
using Platform.Control.Data;
using Platform.Control.Identity;

namespace Platform.Control.Bootstrap;

/// <summary>
/// <c>Platform.Control bootstrap</c>: reads a <see cref="BootstrapRequest"/> as JSON, makes what is missing of it, and
/// writes a <see cref="BootstrapAnswer"/>. It may be run any number of times. Exit code 1 with one line on the standard
/// error where somebody must act.
/// </summary>
internal static class BootstrapExtensions
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static bool IsAsked(string[] args) => args is ["bootstrap", ..];

    public static void AddBootstrap(this IHostApplicationBuilder builder, string[] args)
    {
        builder.Services.AddScoped<BootstrapUsers>();
        builder.Services.AddScoped<BootstrapClients>();
        builder.Services.AddScoped<BootstrapRun>();
        if (IsAsked(args))
            builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    public static async Task<int> BootstrapAsync(this WebApplication app)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await using var _ = app;
        try
        {
            await using var input = Console.OpenStandardInput();
            var request = await JsonSerializer.DeserializeAsync(input, BootstrapJson.Default.BootstrapRequest, deadline.Token) ?? new();
            await app.Services.GetRequiredService<SigningKeys>().LoadAsync(deadline.Token);
            await using var scope = app.Services.CreateAsyncScope();
            var answer = await scope.ServiceProvider.GetRequiredService<BootstrapRun>().RunAsync(request, deadline.Token);
            Console.WriteLine(JsonSerializer.Serialize(answer, BootstrapJson.Default.BootstrapAnswer));
            return 0;
        }
        catch (Exception e) when (e is BootstrapException or JsonException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (Exception e) when (Outage.IsOne(e))
        {
            await Console.Error.WriteLineAsync("The database does not answer; start it or mend the section Database.");
            return 1;
        }
    }
}

/// <summary>What is wrong with the request; for the operator.</summary>
internal sealed class BootstrapException(string message) : Exception(message);
