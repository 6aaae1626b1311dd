using System.Collections.Frozen;
using Platform.Contracts.Usage;

namespace Platform.Gateway.Upstream;

/// <summary>What is known of an engine without asking it: what it serves where, how it is paid, how it counts.</summary>
/// <param name="Name">One of <see cref="Contracts.Configuration.Engines"/>.</param>
/// <param name="Routes">By the operation's name.</param>
internal sealed record EngineProfile(string Name, FrozenDictionary<string, EngineRoute> Routes)
{
    public CredentialStyle Credential { get; init; } = CredentialStyle.Bearer;

    /// <summary>It speaks Anthropic's messages itself, and is told what an Anthropic client says in its headers.</summary>
    public bool SpeaksMessages { get; } = Routes.TryGetValue(Operations.Messages, out var messages) && messages.Translation is null;

    /// <summary>It sends its count with every chunk of a stream where it is asked to, so that a cut stream is exact (vLLM's <c>continuous_usage_stats</c>).</summary>
    public bool CountsContinuously { get; init; }

    /// <summary>The stream that a form asks for is counted where a field <c>stream_include_usage</c> says so.</summary>
    public bool CountsFormsOnDemand { get; init; }

    /// <summary>A chat completion there may say <c>top_k</c>, which OpenAI's does not know.</summary>
    public bool TakesTopK { get; init; }

    /// <summary>A chat completion there may hold files.</summary>
    public bool TakesFiles { get; init; }

    /// <summary>It bounds an answer by <c>max_completion_tokens</c>; the others know <c>max_tokens</c>.</summary>
    public bool BoundsCompletionTokens { get; init; }
}

/// <summary>How an engine wants its key.</summary>
internal enum CredentialStyle
{
    /// <summary><c>Authorization: Bearer</c>.</summary>
    Bearer,

    /// <summary><c>x-api-key</c>, as Anthropic has it.</summary>
    ApiKeyHeader,
}
