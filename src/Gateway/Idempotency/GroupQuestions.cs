using System.Collections.Concurrent;
using Platform.Gateway.Peers;

namespace Platform.Gateway.Idempotency;

/// <summary>Asks the other agents of the group for a key, and answers them.</summary>
internal sealed class GroupQuestions : IDisposable
{
    /// <summary>For an answer that another agent has said it has: without it nobody may run the request.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    /// <summary>A broker takes no message above 16 MiB; a larger answer is the agent's alone.</summary>
    private const int MaxSentBytes = 8 * 1024 * 1024;

    private readonly IdempotencyStore _store;
    private readonly PeerBus _bus;
    private readonly IdempotencySettings _settings;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly ConcurrentDictionary<Guid, Question> _open = new();

    public GroupQuestions(IdempotencyStore store, PeerBus bus, IdempotencySettings settings, TimeProvider time)
    {
        (_store, _bus, _settings, _time) = (store, bus, settings, time);
        _limit = TimeSpan.FromMilliseconds(settings.AskMilliseconds);
        bus.Received += Take;
    }

    /// <summary>False where nobody would answer: the agent is alone, or cannot be heard.</summary>
    public bool HasOthers => _limit > TimeSpan.Zero && _bus.Others > 0;

    /// <summary>Within the time that there is for it; who says nothing knows nothing.</summary>
    public async Task<KeyFinding> AskAsync(IdempotencyEntry entry)
    {
        var question = new Question(_bus.Others);
        if (!_open.TryAdd(entry.Id, question))
            return default;
        try
        {
            _bus.Send(new(PeerMessageKind.Question, _bus.Me, entry.Id, KeyWire.Question(entry.Request.Scope, entry.Request.Body)), to: null);
            var found = await WithinAsync(question.Found, _limit);
            if (found.State != KeyState.Answered)
                return found;
            var answer = await WithinAsync(question.Answer, AnswerTime);
            return answer is null ? new(KeyState.Running) : found with { Answer = answer };
        }
        finally
        {
            _open.TryRemove(entry.Id, out _);
        }
    }

    public void Dispose() => _bus.Received -= Take;

    private async Task<T?> WithinAsync<T>(Task<T> task, TimeSpan limit)
    {
        try
        {
            return await task.WaitAsync(limit, _time);
        }
        catch (TimeoutException)
        {
            return default;
        }
    }

    private void Take(PeerMessage message)
    {
        switch (message.Kind)
        {
            case PeerMessageKind.Question when KeyWire.ReadQuestion(message.Payload) is { } asked:
                Tell(message, _store.Look(asked.Scope, asked.Body, message.Topic));
                break;
            case PeerMessageKind.Finding when _open.TryGetValue(message.Topic, out var question) && KeyWire.ReadFinding(message.Payload) is { } finding:
                question.Hear(message.Sender, finding);
                break;
            case PeerMessageKind.Answer when _open.TryGetValue(message.Topic, out var waiting):
                waiting.Hear(KeyWire.ReadAnswer(message.Payload, _settings.MaxAnswerBytes));
                break;
        }
    }

    private void Tell(PeerMessage question, KeyFinding finding)
    {
        if (finding.Answer is { Size: > MaxSentBytes })
            finding = new(KeyState.Gone, Left: finding.Left);
        _bus.Send(new(PeerMessageKind.Finding, _bus.Me, question.Topic, KeyWire.Finding(finding)), question.Sender);
        if (finding.Answer is { } answer)
            _bus.Send(new(PeerMessageKind.Answer, _bus.Me, question.Topic, KeyWire.Answer(answer)), question.Sender);
    }

    /// <summary>One that is being asked: over when somebody knows it, or when all have said that they do not.</summary>
    private sealed class Question(int others)
    {
        private readonly TaskCompletionSource<KeyFinding> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<KeptAnswers.KeptAnswer?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentDictionary<Guid, bool> _heard = new();

        public Task<KeyFinding> Found => _found.Task;

        public Task<KeptAnswers.KeptAnswer?> Answer => _answer.Task;

        public void Hear(Guid sender, KeyFinding finding)
        {
            if (finding.State != KeyState.Unknown)
                _found.TrySetResult(finding);
            else if (_heard.TryAdd(sender, true) && _heard.Count >= others)
                _found.TrySetResult(finding);
        }

        public void Hear(KeptAnswers.KeptAnswer? answer) => _answer.TrySetResult(answer);
    }
}
