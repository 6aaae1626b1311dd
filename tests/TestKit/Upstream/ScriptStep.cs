namespace Platform.TestKit.Upstream;

/// <summary>One thing that a script does.</summary>
public abstract record ScriptStep
{
    private ScriptStep()
    {
    }

    public sealed record Head(int Status, string Reason, IReadOnlyList<KeyValuePair<string, string>> Headers, Framing Framing) : ScriptStep;

    /// <summary>Pieces of the body, each a send of its own; <paramref name="Raw"/> ones are not framed.</summary>
    public sealed record Send(IReadOnlyList<ReadOnlyMemory<byte>> Pieces, Pace Pace, bool Raw) : ScriptStep;

    /// <summary>One event of about so many bytes, made as it is sent.</summary>
    public sealed record HugeEvent(long Bytes) : ScriptStep;

    public sealed record StallUntil(Task Until) : ScriptStep;

    public sealed record StallFor(TimeSpan Time) : ScriptStep;

    /// <summary>Reads the rest of the request; only a script that began before it has any use for it.</summary>
    public sealed record ReadRequest : ScriptStep;

    /// <summary>Runs a test's own code at this point.</summary>
    public sealed record Run(Func<UpstreamRequest, Task> Action) : ScriptStep;

    /// <summary>Ends the answer as its framing says.</summary>
    public sealed record Finish : ScriptStep;

    /// <summary>Sends FIN, whatever was promised.</summary>
    public sealed record Close : ScriptStep;

    /// <summary>Sends RST.</summary>
    public sealed record Reset : ScriptStep;
}
