using Platform.Local;
using Platform.Local.Commands;

const string Usage = """
    usage: ./platform COMMAND
      up            start everything, make demo data, answer one request
      down          stop it; --purge deletes its data too
      status        what runs
      logs [NAME]   the last lines of the logs
      chat TEXT     one chat completion through the gateway
      test          install what the tests need and run them all
      bench NAME    measure: config, gateway or micro; --quick takes a few minutes
    """;

try
{
    var home = Home.FromEnvironment();
    switch (args)
    {
        case ["up", .. var rest] when rest is [] or ["--no-build"]:
            await UpCommand.RunAsync(home, noBuild: rest is not []);
            return 0;
        case ["down", .. var rest] when rest is [] or ["--purge"]:
            await DownCommand.RunAsync(home, purge: rest is not []);
            return 0;
        case ["status"]:
            return StatusCommand.Run(home);
        case ["logs"] or ["logs", _]:
            LogsCommand.Run(home, args.ElementAtOrDefault(1));
            return 0;
        case ["chat", .. { Length: > 0 } words]:
            await ChatCommand.RunAsync(home, string.Join(' ', words));
            return 0;
        case ["test", .. var filter]:
            return await TestCommand.RunAsync(home, filter);
        case ["bench", .. var rest]:
            return await BenchCommand.RunAsync(home.Repository, rest);
        default:
            await Console.Error.WriteLineAsync(Usage);
            return 2;
    }
}
catch (Exception e) when (e is LocalException or HttpRequestException)
{
    await Console.Error.WriteLineAsync("platform: " + e.Message);
    return 1;
}
