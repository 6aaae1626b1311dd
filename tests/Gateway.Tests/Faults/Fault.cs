using Platform.TestKit.Upstream;

namespace Platform.Gateway.Tests.Faults;

/// <summary>One way in which an engine fails, and what its caller has to see of it.</summary>
/// <param name="Script">By the dialect, and whether a stream was asked for.</param>
/// <param name="Expected">By the same; null where the fault does not exist.</param>
internal sealed record Fault(string Name, Func<FaultDialect, bool, Script> Script, Func<FaultDialect, bool, Sight?> Expected)
{
    public static Fault OfBoth(string name, Func<FaultDialect, bool, Script> script, Sight expected) => new(name, script, (_, _) => expected);

    public static Fault OfBoth(string name, Script script, Sight expected) => new(name, (_, _) => script, (_, _) => expected);

    public static Fault OfPlain(string name, Func<FaultDialect, Script> script, Sight expected) => new(name, (d, _) => script(d), (_, streamed) => streamed ? null : expected);

    public static Fault OfStream(string name, Func<FaultDialect, Script> script, Sight expected) => OfStream(name, script, _ => expected);

    public static Fault OfStream(string name, Func<FaultDialect, Script> script, Func<FaultDialect, Sight> expected) =>
        new(name, (d, _) => script(d), (d, streamed) => streamed ? expected(d) : null);

    public override string ToString() => Name;
}

/// <summary>What a caller has to see.</summary>
internal abstract record Sight
{
    private Sight()
    {
    }

    /// <summary>The whole answer with its end.</summary>
    public sealed record Whole : Sight;

    /// <summary>The whole text; the engine left out its end, and a dialect that passes leaves it out too.</summary>
    public sealed record WholeWithoutEnd : Sight;

    /// <summary>The engine's own, with its end, and with what is wrong in it.</summary>
    public sealed record Passed : Sight;

    /// <summary>A body with an error, and a status that says so.</summary>
    public sealed record Refused(int Status, string Code) : Sight
    {
        /// <summary>For callers of Anthropic's, where it is another one.</summary>
        public int? Messages { get; init; }
    }

    /// <summary>A stream whose last event is an error.</summary>
    public sealed record Broken(string Code) : Sight;
}
