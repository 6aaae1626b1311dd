using Platform.Bench.Gateway.Proxies;
using Platform.Bench.Gateway.Traffic;
using Platform.Local;

namespace Platform.Bench.Gateway.Scenes;

/// <summary>One job at one proxy, and what it cost the proxy's processes until they came to rest.</summary>
/// <param name="Processor">Of the proxy and all below it.</param>
/// <param name="Megabytes">The largest resident size that was seen.</param>
internal sealed record Measurement(DriveReport Report, TimeSpan Processor, double Megabytes)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(10);
    private const int MaxLooks = 20;

    /// <summary>Microseconds for each answer.</summary>
    public double PerAnswer => Processor.TotalMicroseconds / Math.Max(1, Report.Answers);

    public double PerEvent => Processor.TotalMicroseconds / Math.Max(1, Report.Events);

    public double AnswersPerSecond => Report.Answers / Report.Seconds;

    public static async Task<Measurement> TakeAsync(DriverProcess driver, Proxy proxy, DriveJob job)
    {
        if (!proxy.Process.IsAlive())
            throw new LocalException($"{proxy.Name} is gone. Its last lines:\n{proxy.Process.Tail()}");
        var tree = proxy.Tree;
        var before = tree.ProcessorTime();
        var driving = driver.DriveAsync(job);
        var megabytes = 0.0;
        while (!driving.IsCompleted)
        {
            megabytes = Math.Max(megabytes, tree.ResidentMegabytes());
            await Task.WhenAny(driving, Task.Delay(Look));
        }
        var report = await driving;
        return new(report, await AtRestAsync(tree) - before, megabytes);
    }

    /// <summary>What is done after the answers is part of their cost: the agent sends its usage records then.</summary>
    private static async Task<TimeSpan> AtRestAsync(ProcessTree tree)
    {
        var last = tree.ProcessorTime();
        for (var i = 0; i < MaxLooks; i++)
        {
            await Task.Delay(Look);
            var now = tree.ProcessorTime();
            if (now - last <= Rest)
                return now;
            last = now;
        }
        return last;
    }
}
