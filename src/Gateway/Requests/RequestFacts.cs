using Platform.Gateway.Upstream;

namespace Platform.Gateway.Requests;

/// <summary>What was read of a request's body; the body itself stays bytes. One type for each shape of body.</summary>
internal abstract record RequestFacts
{
    /// <summary>As the caller sent it.</summary>
    public required string Model { get; init; }

    public bool Streamed { get; init; }

    /// <summary>Length of what the model reads, from which the input is estimated where nobody counts.</summary>
    public int PromptBytes { get; init; }

    /// <summary>So many of the prompt's bytes are those of files within it, of which no tokens follow.</summary>
    public int FileBytes { get; init; }

    /// <summary>The most tokens of output that the caller wants; null where it did not say.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Unicode scalar values that are to be spoken.</summary>
    public long Characters { get; init; }

    /// <summary>How long the sound is that is to be written down; null where its file does not say.</summary>
    public double? AudioSeconds { get; init; }

    /// <summary>The body for an endpoint that speaks as the caller does: the caller's bytes, with what differs there spliced in.</summary>
    /// <param name="body">The bytes that the facts were read from.</param>
    /// <param name="upstreamModel">The model's name there.</param>
    public abstract RequestBody BodyFor(ReadOnlyMemory<byte> body, string upstreamModel, EngineProfile engine);
}
