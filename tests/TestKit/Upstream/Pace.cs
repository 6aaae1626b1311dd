namespace Platform.TestKit.Upstream;

/// <summary>What lies between two sends.</summary>
public readonly record struct Pace
{
    private Pace(TimeSpan pause, bool untilRead) => (Pause, WaitsForReader) = (pause, untilRead);

    /// <summary>Each piece is a send of its own; the reader may still find several in one read.</summary>
    public static Pace None => default;

    /// <summary>
    /// The next piece leaves when the reader's socket is empty, so each piece is a read of its own. It needs Linux and a
    /// reader on this machine.
    /// </summary>
    public static Pace UntilRead => new(default, true);

    public TimeSpan Pause { get; }

    public bool WaitsForReader { get; }

    public static Pace Of(TimeSpan pause) => new(pause, false);
}
