using System.Collections.Concurrent;
using Platform.Local.Demo;

namespace Platform.E2E;

/// <summary>A bounded number of requests from a fixed number of callers, spread over all agents, every second one streamed.</summary>
/// <param name="tokens">Bounds of an answer's length.</param>
internal sealed class Load(IReadOnlyList<Uri> gateways, string key, int requests, int callers, TimeSpan thinkTime, Range? tokens = null)
{
    private readonly ConcurrentBag<ChatOutcome> _outcomes = [];
    private readonly Range _tokens = tokens ?? 5..120;
    private int _started;

    public int Done => _outcomes.Count;

    public IReadOnlyCollection<ChatOutcome> Outcomes => _outcomes;

    public IReadOnlyList<ChatOutcome> Whole => [.. _outcomes.Where(o => o.Whole)];

    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, callers).Select(CallAsync));

    /// <summary>Completes when so many requests have ended, however they ended.</summary>
    public async Task ReachedAsync(int count)
    {
        while (Done < count)
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    private async Task CallAsync(int caller)
    {
        var random = new Random(caller);
        var chats = gateways.Select(g => new Chat(g, key)).ToList();
        int number;
        while ((number = Interlocked.Increment(ref _started)) <= requests)
        {
            var body = Chat.Request(DemoSeed.SmallModel, $"caller {caller} asks question {number}", stream: number % 2 == 0, maxTokens: random.Next(_tokens.Start.Value, _tokens.End.Value));
            _outcomes.Add(await chats[random.Next(chats.Count)].SendAsync(body));
            await Task.Delay(thinkTime * (2 * random.NextDouble()), TestContext.Current.CancellationToken);
        }
        chats.ForEach(c => c.Dispose());
    }
}
