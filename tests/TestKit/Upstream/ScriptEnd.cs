namespace Platform.TestKit.Upstream;

public enum ScriptEnd
{
    /// <summary>The answer ended as its framing said.</summary>
    Finished,

    /// <summary>The script sent FIN.</summary>
    Closed,

    /// <summary>The script sent RST.</summary>
    Reset,

    /// <summary>The caller closed or reset the connection first.</summary>
    CallerLeft,

    /// <summary>A deadline passed, the test's code threw or the server was disposed; <see cref="ScriptedUpstream.Faults"/> says why.</summary>
    Failed,
}
