using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Platform.Hosting.Settings;
using Platform.Migrations;

using var cancellation = new CancellationTokenSource(TimeSpan.FromMinutes(10));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => cancellation.Cancel());
try
{
    var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
    var database = SettingsExtensions.Read<OwnerSettings>(configuration, "Database");
    var broker = SettingsExtensions.Read<TopologySettings>(configuration, "Broker");
    await Steps.DatabaseAsync(database, cancellation.Token);
    await Steps.BrokerAsync(broker, cancellation.Token);
    Console.WriteLine("The database and the broker are up to date.");
    return 0;
}
catch (Exception e) when (e is SettingsException or MigrationException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Stopped before the end; run it again.");
    return 1;
}
