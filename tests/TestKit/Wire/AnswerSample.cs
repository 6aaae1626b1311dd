namespace Platform.TestKit.Wire;

/// <summary>What a model says, independent of the dialect in which it is written. Pieces become deltas of a stream.</summary>
public sealed record AnswerSample
{
    /// <summary>One to four UTF-8 bytes a character, escapes and line ends.</summary>
    public static AnswerSample Greeting { get; } = new();

    /// <summary>Two calls at once, arguments cut inside strings and escapes, no text.</summary>
    public static AnswerSample ToolCalls { get; } = new()
    {
        Text = [],
        Tools =
        [
            new("call_weather_1", "get_weather", ["{\"city\":", " \"Mün", "chen\", \"unit", "\": \"c\"}"]),
            new("call_time_2", "get_time", ["{\"zone\": \"Asia/", "Tokyo\", \"note\": \"a\\\"b\\n\"}"]),
        ],
        Usage = new(82, 41),
    };

    public static AnswerSample Thinking { get; } = new()
    {
        Reasoning = ["Let me", " think:", " 2 + 2."],
        Text = ["It is", " 4."],
        Usage = new(31, 25) { Reasoning = 18, CachedInput = 16, CacheWrite = 8 },
    };

    public string Model { get; init; } = "sample-model";

    /// <summary>The part behind the dialect's prefix (<c>chatcmpl-</c>, <c>resp_</c>, <c>msg_</c>).</summary>
    public string Id { get; init; } = "8fA2bC31dE";

    public long Created { get; init; } = 1764000000;

    public IReadOnlyList<string> Text { get; init; } = ["Gr", "üße", " aus 東", "京 🗼", ",\n\"quoted\"", " and \\ done."];

    public IReadOnlyList<string> Reasoning { get; init; } = [];

    public IReadOnlyList<ToolCallSample> Tools { get; init; } = [];

    public WireUsage Usage { get; init; } = new(19, 12);

    /// <summary>OpenAI's word (<c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>); null takes the fitting one.</summary>
    public string? Finish { get; init; }

    public string FinishReason => Finish ?? (Tools.Count > 0 ? "tool_calls" : "stop");

    public string WholeText => string.Concat(Text);

    public string WholeReasoning => string.Concat(Reasoning);
}

/// <summary>One call of a tool; its arguments are JSON in pieces.</summary>
public sealed record ToolCallSample(string Id, string Name, IReadOnlyList<string> ArgumentPieces)
{
    public string Arguments => string.Concat(ArgumentPieces);
}

/// <summary>What differs in the chat stream of one server and another.</summary>
public sealed record ChatStreamOptions
{
    /// <summary><c>stream_options.include_usage</c>: every chunk has <c>"usage":null</c>, one more chunk has it without choices.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>vLLM's <c>continuous_usage_stats</c>: every chunk has the counts so far.</summary>
    public bool ContinuousUsage { get; init; }

    /// <summary>OpenAI's random padding.</summary>
    public bool Obfuscation { get; init; }

    public bool Done { get; init; } = true;
}
