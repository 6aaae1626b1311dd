using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Platform.Bench.Gateway.Traffic;

/// <summary>
/// Makes requests and measures answers, in a process of its own: jobs in, reports out. One process does all jobs, so that
/// its own code is compiled before the first that counts.
/// </summary>
internal static class Driver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var report = await DriveAsync(JsonSerializer.Deserialize<DriveJob>(line)!);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(report));
        }
    }

    private static async Task<DriveReport> DriveAsync(DriveJob job)
    {
        var request = Encoding.UTF8.GetBytes(job.Request);
        var started = Stopwatch.GetTimestamp();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(job.Seconds + job.SpreadSeconds) + Patience + Patience);
        var connections = Enumerable.Range(0, job.Connections).Select(_ => new DrivenConnection(job, request)).ToList();
        await Task.WhenAll(connections.Select((c, i) => Task.Run(() => c.RunAsync(
            TimeSpan.FromSeconds(job.SpreadSeconds * i / job.Connections), started, limit.Token))));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        connections.ForEach(c => c.Dispose());
        List<long> answers = [.. connections.SelectMany(c => c.Answers)];
        List<long> events = [.. connections.SelectMany(c => c.Events)];
        return new(
            answers.Count, events.Count, connections.Sum(c => c.Errors), connections.Select(c => c.Fault).FirstOrDefault(f => f is not null),
            seconds, Latency.Of(answers), Latency.Of(events));
    }
}
