using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using Platform.Bench;
using Platform.Bench.Config;
using Platform.Bench.Gateway;
using Platform.Bench.Gateway.Traffic;
using Platform.Bench.Seeding;
using Platform.Local;

const string Usage = """
    usage: Platform.Bench COMMAND, with PLATFORM_HOME naming the home of a platform that runs
      seed [--tenants N] [--keys N] [--seed N]   load tenants and keys, compile their documents
      config [--quick] [--seed N]                the same, then measure; ./platform bench config runs it;
                                             3 where a target is missed
      gateway [--quick] [--beside FOLDER]        what the agent costs; ./platform bench gateway runs it. Beside another
                                                 build of it, published in FOLDER, and YARP alone
      upstream PORT | yarp PORT URL [tuned] | drive   the parts of that
    """;

// Of its own, so that a script tells a target that is missed from a bench that did not run.
const int Missed = 3;

switch (args)
{
    case [BenchOptions.Upstream, var port]:
        await NullUpstream.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    case [BenchOptions.Yarp, var port, var upstream, .. var rest]:
        await BareYarp.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), upstream, tuned: rest is ["tuned"]);
        return 0;
    case [BenchOptions.Drive]:
        await Driver.RunAsync();
        return 0;
}
if (BenchOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}
try
{
    using var stack = new MeasuredPlatform(Home.FromEnvironment());
    if (options.Command == BenchOptions.Seed)
        await new SeedRun(stack, options).RunAsync();
    else if (!await (options.Command == BenchOptions.Gateway ? new GatewayBench(stack.Platform, options).RunAsync() : new ConfigBench(stack, options).RunAsync()))
        return Missed;
    return 0;
}
catch (Exception e) when (e is LocalException or HttpRequestException or SocketException or NpgsqlException)
{
    await Console.Error.WriteLineAsync("bench: " + e.Message);
    return 1;
}
