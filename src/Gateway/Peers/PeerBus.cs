using System.Collections.Concurrent;
using System.Threading.Channels;
using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Peers;

/// <summary>Something to say: to one agent, or to all.</summary>
internal readonly record struct Outgoing(PeerMessage Message, Guid? To);

/// <summary>
/// How an agent talks with the others of its group. Nothing of it is waited for: what cannot be sent is dropped, and who is
/// not heard for a while is not counted.
/// </summary>
internal sealed class PeerBus(Agent agent, TimeProvider time)
{
    private const int MaxOutgoing = 1024;
    private const int MaxOthers = 1024;

    /// <summary>After three of its signs were missed.</summary>
    private static readonly TimeSpan Silence = 3.5 * PeerSession.SignPause;

    private readonly ConcurrentDictionary<Guid, long> _heardAt = new();

    private readonly Channel<Outgoing> _outgoing = Channel.CreateBounded<Outgoing>(
        new BoundedChannelOptions(MaxOutgoing) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private volatile bool _isOpen;

    /// <summary>What others said; on the thread that heard it.</summary>
    public event Action<PeerMessage>? Received;

    public Guid Me => agent.Boot.Value;

    /// <summary>There is a way to the others.</summary>
    public bool IsOpen
    {
        get => _isOpen;
        set => _isOpen = value;
    }

    /// <summary>Agents that can hear a question; 0 while there is no way to them.</summary>
    public int Others => IsOpen ? _heardAt.Count : 0;

    public ChannelReader<Outgoing> Waiting => _outgoing.Reader;

    /// <param name="to">Null for all.</param>
    public void Send(PeerMessage message, Guid? to)
    {
        if (IsOpen)
            _outgoing.Writer.TryWrite(new(message, to));
    }

    public void Hear(PeerMessage message)
    {
        if (message.Sender == Me)
            return;
        if (message.Kind == PeerMessageKind.Bye)
        {
            _heardAt.TryRemove(message.Sender, out _);
            return;
        }
        var isNew = !_heardAt.ContainsKey(message.Sender);
        if (!isNew || _heardAt.Count < MaxOthers)
            _heardAt[message.Sender] = time.GetTimestamp();
        if (message.Kind != PeerMessageKind.Here)
            Received?.Invoke(message);
        else if (isNew)
            Send(Sign(), message.Sender);
    }

    /// <summary>Says that this agent is there.</summary>
    public PeerMessage Sign() => new(PeerMessageKind.Here, Me, default, []);

    /// <summary>Who was not heard for long is not there.</summary>
    public void ForgetSilent()
    {
        foreach (var (other, heardAt) in _heardAt)
        {
            if (time.GetElapsedTime(heardAt) > Silence)
                _heardAt.TryRemove(new(other, heardAt));
        }
    }

    /// <summary>The way is broken; who is there is found out anew.</summary>
    public void Close()
    {
        IsOpen = false;
        _heardAt.Clear();
        while (_outgoing.Reader.TryRead(out _))
        {
            // Too late for all of it.
        }
    }
}
