using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Answers;

/// <summary>How an endpoint's answers are read, and brought to the caller. Has no state: one for each dialect.</summary>
internal abstract class AnswerCodec
{
    /// <summary>Reads a whole answer that is not streamed; what cannot be read is passed on unread.</summary>
    public abstract void Read(ReadOnlySpan<byte> body, AnswerMeter meter);

    /// <summary>For an answer that is streamed.</summary>
    public abstract EventPolicy NewEvents(Exchange exchange);

    /// <summary>The body of a 4xx is an error in the caller's own dialect, and goes on as it is.</summary>
    public abstract bool IsRefusal(ReadOnlySpan<byte> body);
}
