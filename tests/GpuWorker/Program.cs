using Platform.GpuWorker;
using Platform.GpuWorker.Options;
using Platform.GpuWorker.Serving;

if (args.Contains("--help"))
{
    Console.Write(CommandLine.Help);
    return 0;
}
var (options, faults) = CommandLine.Parse(args);
foreach (var fault in faults)
    Console.Error.WriteLine($"error: {fault}");
if (faults.Count > 0)
{
    Console.Error.WriteLine("Use --help for the options.");
    return 2;
}
// Everyone on the machine can read a command line; the environment is its owner's.
if (Environment.GetEnvironmentVariable("GPUWORKER_API_KEY") is { Length: > 0 } key)
    options.ApiKeys.Add(key);
try
{
    await using var app = WorkerApp.Build(options);
    await app.StartAsync();
    var (api, dcgm) = WorkerApp.Addresses(app);
    Console.WriteLine(Banner.Write(options, api, dcgm));
    if (options.PortFile is { } file)
        await PortFile.WriteAsync(file, api.Port);
    await app.WaitForShutdownAsync();
    return app.Services.GetRequiredService<EngineLoop>().ExecuteTask is { IsFaulted: true } ? 1 : 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // A port that is taken, a log or port file that cannot be written.
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
