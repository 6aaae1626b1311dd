using System.Diagnostics;
using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Configuration;

/// <summary>Loads the last good configuration from disk before the process listens.</summary>
internal sealed class SnapshotLoader(Agent agent, SnapshotStore store, CurrentSnapshot current, ILogger<SnapshotLoader> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (agent.Current is not { } enrolled || store.ReadHead() is not { } head)
            return Task.CompletedTask;
        var clock = Stopwatch.GetTimestamp();
        var change = new SnapshotChange(Snapshot.Empty, full: true, new(enrolled.Identity.Group, enrolled.Secrets.GroupKeys), logger);
        foreach (var read in store.ReadResources().AsParallel().WithMergeOptions(ParallelMergeOptions.AutoBuffered).Select(change.Read))
            change.Apply(read);
        var loaded = change.Finish(head.Epoch, head.Revision);
        var rejected = loaded.Rejected.ToBuilder();
        foreach (var resource in head.Rejected)
            rejected[(resource.Kind, resource.Key)] = resource;
        current.Set(loaded with { Rejected = rejected.ToImmutable() });
        Log.Loaded(logger, head.Revision, loaded.Tenants.Count, loaded.Keys.Count, Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
