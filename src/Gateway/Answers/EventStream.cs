using System.Buffers;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Answers;

/// <summary>
/// A stream of events on its way through: bytes in, in any pieces; whole events out, as the policy has them, at once. Holds
/// at most one unfinished event, and between two events no more than it began with.
/// </summary>
/// <param name="budget">Of all; null where nobody counts.</param>
internal sealed class EventStream(EventPolicy policy, int maxEventBytes, BufferBudget? budget = null) : IDisposable
{
    /// <summary>What most events, and what comes at once of them, fit into; a stream holds it while it waits.</summary>
    private const int FirstSize = 4 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    private byte[] _buffer = [];
    private EventSplitter _splitter;
    private int _start;
    private int _end;
    private bool _begun;

    public EventPolicy Policy => policy;

    /// <summary>The last event has come; it was kept back, and what follows it is dropped.</summary>
    public bool IsDone { get; private set; }

    /// <summary>It was the budget that left no space.</summary>
    public bool IsStarved { get; private set; }

    /// <summary>The bytes that it holds on to.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>Where the next bytes go; empty when an event is longer than the bound, or the budget is spent.</summary>
    public Memory<byte> Space()
    {
        if (_end == _buffer.Length && _start > 0)
            MoveTo(_buffer);
        if (_end == _buffer.Length && _buffer.Length < maxEventBytes)
            Grow(Math.Max(_buffer.Length * 2, FirstSize));
        return _buffer.AsMemory(_end);
    }

    /// <summary>Takes the bytes that were put into <see cref="Space"/> and writes the events they complete.</summary>
    public void Advance(int count, IBufferWriter<byte> output)
    {
        _end += count;
        while (!IsDone && _splitter.Next(_buffer.AsSpan(_start.._end)) is var length and > 0)
        {
            IsDone = policy.Process(WithoutMark(_buffer.AsSpan(_start, length)), output) == EventVerdict.Last;
            _start += length;
        }
        if (_start < _end && !IsDone)
            return;
        _start = _end = 0;
        if (_buffer.Length > FirstSize)
            Release();
    }

    public void Dispose()
    {
        (policy as IDisposable)?.Dispose();
        Release();
    }

    /// <summary>A stream may begin with a mark that belongs to no event (WHATWG HTML, 9.2.6).</summary>
    private Span<byte> WithoutMark(Span<byte> whole)
    {
        var marked = !_begun && whole.StartsWith(ByteOrderMark);
        _begun = true;
        return marked ? whole[ByteOrderMark.Length..] : whole;
    }

    private void Grow(int size)
    {
        var larger = budget is null ? ArrayPool<byte>.Shared.Rent(size) : budget.TryRent(size);
        IsStarved = larger is null;
        if (larger is null)
            return;
        var smaller = _buffer;
        MoveTo(larger);
        Return(smaller);
    }

    private void Release()
    {
        var buffer = _buffer;
        _buffer = [];
        Return(buffer);
    }

    private void Return(byte[] buffer)
    {
        if (budget is not null)
            budget.GiveBack(buffer);
        else if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private void MoveTo(byte[] target)
    {
        _buffer.AsSpan(_start.._end).CopyTo(target);
        _end -= _start;
        _start = 0;
        _buffer = target;
    }
}
