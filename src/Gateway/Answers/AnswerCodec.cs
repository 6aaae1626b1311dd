using System.Buffers;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Answers;

/// <summary>What became of a whole answer.</summary>
internal enum Rewriting
{
    /// <summary>The endpoint's own bytes go on.</summary>
    Same,

    /// <summary>The caller gets the bytes that were written.</summary>
    Written,

    /// <summary>It is no answer of the endpoint's dialect.</summary>
    Unreadable,
}

/// <summary>How an endpoint's answers are read, and brought to the caller. Has no state: one for each dialect.</summary>
internal abstract class AnswerCodec
{
    /// <summary>Reads a whole answer that is not streamed. What has to be JSON and cannot be read is a <see cref="AnswerMeter.Miss"/>: it passes unread where it is JSON all the same.</summary>
    public abstract void Read(ReadOnlySpan<byte> body, AnswerMeter meter);

    /// <summary>Answers that are no events are no text either: their bytes go on as they come, and are not read.</summary>
    public virtual bool PassesBytes => false;

    /// <summary>Kept by the settings, so that no request makes it.</summary>
    public virtual AnswerBound BoundOf(LimitsSettings limits) => limits.Answers;

    /// <summary>For an answer that is streamed.</summary>
    public abstract EventPolicy NewEvents(Exchange exchange);

    /// <summary>An answer that is not streamed, said anew where the caller speaks another dialect. It has been read before.</summary>
    public virtual Rewriting Rewrite(ReadOnlyMemory<byte> body, Exchange exchange, IBufferWriter<byte> output) => Rewriting.Same;

    /// <summary>An endpoint's own refusal as the caller's dialect has it; null where it goes on as it is, or says nothing.</summary>
    public virtual ApiError? RefusalOf(int status, ReadOnlyMemory<byte> body) => null;

    /// <summary>The body of a 4xx is an error in the caller's own dialect, and goes on as it is.</summary>
    public abstract bool IsRefusal(ReadOnlySpan<byte> body);
}
