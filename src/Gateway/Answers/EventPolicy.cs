using System.Buffers;

namespace Platform.Gateway.Answers;

/// <summary>What becomes of one event of a stream.</summary>
internal enum EventVerdict
{
    /// <summary>It went on, changed or not, or is not the caller's business.</summary>
    Passed,

    /// <summary>The stream's last: it is kept back until the record is durable, and what follows it is dropped.</summary>
    Last,
}

/// <summary>
/// Looks at each event of a stream, passes it on as the caller expects it, and tells the meter. One for each try. It holds
/// what it must and no more, and allocates nothing for an event that passes as it is.
/// </summary>
internal abstract class EventPolicy(AnswerMeter meter)
{
    /// <summary>To find out that an event cannot be read costs more than to read it.</summary>
    private const int MostUnread = 16;

    public AnswerMeter Meter => meter;

    /// <summary>A stream that ends here, without its last event, is whole all the same.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>The caller is owed a last event, although none came: the stream is complete, and its dialect has one.</summary>
    public virtual bool OwesLast => false;

    /// <summary>The number that an event of ours would have, where the dialect numbers them.</summary>
    public virtual long NextSequence => 0;

    /// <summary>False once so many events could not be read that the rest passes without a look.</summary>
    protected bool MayRead => meter.Unread < MostUnread;

    /// <param name="whole">One event, its empty line included.</param>
    public abstract EventVerdict Process(ReadOnlySpan<byte> whole, IBufferWriter<byte> output);

    /// <summary>Writes the last event. Called once, after <see cref="EventVerdict.Last"/> or at the end of a stream that <see cref="OwesLast"/>, when the record is durable.</summary>
    public abstract void WriteLast(IBufferWriter<byte> output);

    /// <summary>At a stream that broke: what was kept back, is whole and was counted is the caller's all the same.</summary>
    public virtual void WriteKept(IBufferWriter<byte> output)
    {
    }

    /// <summary>Passes on what could not be read. Events without data, as comments are, are not meant to be.</summary>
    protected void PassUnread(ReadOnlySpan<byte> whole, bool hasData, IBufferWriter<byte> output)
    {
        if (hasData || SseEvent.IsSplit(whole))
            meter.Miss();
        output.Write(whole);
    }
}
