using Platform.Local.Servers;
using Platform.Local.Stack;

namespace Platform.Local.Commands;

/// <summary><c>./platform down</c>: stops what <c>up</c> started, the data stays; <c>--purge</c> deletes it too.</summary>
public static class DownCommand
{
    public static async Task RunAsync(Home home, bool purge)
    {
        if (!Directory.Exists(home.Directory))
            return;
        if (!File.Exists(home.StateFile))
            throw new LocalException($"{home.Directory} is not a platform's home: it has no state.json.");
        using var only = home.Lock();
        using var platform = new LocalPlatform(home);
        var clean = true;
        IReadOnlyList<string>[] groups =
        [
            [ServiceNames.Portal, .. ServiceNames.Gateways, BenchPlatform.SpareGateway],
            [ServiceNames.Control, .. ServiceNames.Workers],
            [RabbitNode.ProcessName],
            [RabbitNode.PortMapperName, PostgresCluster.ProcessName],
        ];
        foreach (var group in groups)
        {
            foreach (var name in group)
                clean &= await platform.StopAsync(name);
        }
        if (purge)
            await DeleteAsync(home, platform);
        Console.WriteLine(clean ? "The platform is down." : "The platform is down; something had to be killed.");
    }

    private static async Task DeleteAsync(Home home, LocalPlatform platform)
    {
        await platform.Backing.DeleteServerDataAsync();
        Directory.Delete(home.Directory, recursive: true);
    }
}
