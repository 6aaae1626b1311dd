using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Control.Tests.Agents;

namespace Platform.Control.Tests.Delivery;

/// <summary>
/// An agent's rules for changes (design, section 5.4), and nothing else of it: what is not newer is ignored, what
/// continues is applied, everything else is fetched. It notes how it came by each revision.
/// </summary>
internal sealed class Follower(EnrolledAgent agent, GroupListener listener, Func<HttpClient> control)
{
    private readonly Dictionary<(string Kind, string Key), ConfigResource> _held = [];
    private readonly Lock _gate = new();
    private long _revision;
    private Guid _epoch;

    public long Revision => Interlocked.Read(ref _revision);

    /// <summary>Changes that continued what was held, and those that did not.</summary>
    public int Continued { get; private set; }

    public int Fetched { get; private set; }

    /// <summary>A revision that was applied although it did not continue what was held: must stay empty.</summary>
    public List<string> Gaps { get; } = [];

    public IReadOnlyDictionary<(string Kind, string Key), ConfigResource> Held
    {
        get
        {
            lock (_gate)
                return new Dictionary<(string, string), ConfigResource>(_held);
        }
    }

    /// <summary>Both loops, until they are cancelled.</summary>
    public async Task FollowAsync(CancellationToken ct)
    {
        await FetchAsync();
        await Task.WhenAll(ChangesAsync(ct), HeadsAsync(ct));
    }

    private async Task ChangesAsync(CancellationToken ct)
    {
        await foreach (var change in listener.ChangesAsync(ct))
        {
            if (change.Epoch == _epoch && change.To <= Revision)
                continue;
            if (change.Epoch != _epoch || change.From != Revision || change.Resources.Count == 0)
            {
                await FetchAsync();
                continue;
            }
            if (change.Resources.Any(r => r.Revision <= change.From || r.Revision > change.To))
                Gaps.Add($"{change.From} to {change.To} holds a resource of another revision");
            Continued++;
            Apply(change.Resources, change.To);
        }
    }

    private async Task HeadsAsync(CancellationToken ct)
    {
        await foreach (var head in listener.HeadsAsync(ct))
        {
            if (head.Revision > Revision)
                await FetchAsync();
        }
    }

    private async Task FetchAsync()
    {
        try
        {
            var (head, resources) = await agent.CatchUpAsync(Revision, _epoch, control());
            lock (_gate)
            {
                if (head.Full)
                    _held.Clear();
                _epoch = head.Epoch;
            }
            Fetched++;
            Apply(resources, head.Revision);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            // The next head asks again.
            Fetched++;
        }
    }

    private void Apply(IEnumerable<ConfigResource> resources, long to)
    {
        lock (_gate)
        {
            if (to < Revision)
                return;
            foreach (var resource in resources)
            {
                if (resource.Document is null or { ValueKind: JsonValueKind.Null })
                    _held.Remove((resource.Kind, resource.Key));
                else
                    _held[(resource.Kind, resource.Key)] = resource;
            }
            Interlocked.Exchange(ref _revision, to);
        }
    }
}
