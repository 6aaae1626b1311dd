using System.Buffers;

namespace Platform.Gateway.Answers;

/// <summary>
/// A stream of events on its way through: bytes in, in any pieces; whole events out, as the policy has them, at once. Holds
/// at most one unfinished event.
/// </summary>
internal sealed class EventStream(EventPolicy policy, int maxEventBytes) : IDisposable
{
    private const int FirstSize = 16 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private EventSplitter _splitter;
    private int _start;
    private int _end;

    public EventPolicy Policy => policy;

    /// <summary>The last event has come; it was kept back, and what follows it is dropped.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Where the next bytes go; empty when an event is longer than the bound.</summary>
    public Memory<byte> Space()
    {
        if (_end == _buffer.Length && _start > 0)
            MoveTo(_buffer);
        if (_end == _buffer.Length && _buffer.Length < maxEventBytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            var smaller = _buffer;
            MoveTo(larger);
            ArrayPool<byte>.Shared.Return(smaller);
        }
        return _buffer.AsMemory(_end);
    }

    /// <summary>Takes the bytes that were put into <see cref="Space"/> and writes the events they complete.</summary>
    public void Advance(int count, IBufferWriter<byte> output)
    {
        _end += count;
        while (!IsDone && _splitter.Next(_buffer.AsSpan(_start.._end)) is var length and > 0)
        {
            IsDone = policy.Process(_buffer.AsSpan(_start, length), output) == EventVerdict.Last;
            _start += length;
        }
        if (_start == _end || IsDone)
            _start = _end = 0;
    }

    public void Dispose()
    {
        (policy as IDisposable)?.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void MoveTo(byte[] target)
    {
        _buffer.AsSpan(_start.._end).CopyTo(target);
        _end -= _start;
        _start = 0;
        _buffer = target;
    }
}
