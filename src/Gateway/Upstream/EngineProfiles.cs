using System.Collections.Frozen;
using Platform.Contracts.Usage;
using EngineNames = Platform.Contracts.Configuration.Engines;

namespace Platform.Gateway.Upstream;

/// <summary>
/// The engines that endpoints may be of, and what they serve where, from their own documentation. An engine's older
/// versions serve less; they answer 404 themselves then.
/// </summary>
internal static class EngineProfiles
{
    private static readonly Route Chat = new(Operations.Chat, "/v1/chat/completions");
    private static readonly Route Completion = new(Operations.Completion, "/v1/completions");
    private static readonly Route Embeddings = new(Operations.Embeddings, "/v1/embeddings");
    private static readonly Route Responses = new(Operations.Responses, "/v1/responses");
    private static readonly Route Rerank = new(Operations.Rerank, "/v1/rerank");
    private static readonly Route Tokenize = new(Operations.Tokenize, "/tokenize");
    private static readonly Route Messages = new(Operations.Messages, "/v1/messages");
    private static readonly Route CountTokens = new(Operations.CountTokens, "/v1/messages/count_tokens");
    private static readonly Route Moderation = new(Operations.Moderation, "/v1/moderations");

    private static readonly FrozenDictionary<string, EngineProfile> All = new[]
    {
        Of(EngineNames.Vllm, Chat, Completion, Embeddings, Responses, Messages, CountTokens, Rerank, new(Operations.Score, "/score"), Tokenize)
            with { CountsContinuously = true },
        Of("sglang", Chat, Completion, Embeddings, Responses, Rerank, new(Operations.Score, "/v1/score"), Tokenize),
        Of("trtllm", Chat, Completion),
        Of("triton", Chat, Completion),
        Of("tgi", Chat, Completion),
        Of("llamacpp", Chat, Completion, Embeddings, Rerank, Tokenize),
        Of("ollama", Chat, Completion, Embeddings),
        Of("nim", Chat, Completion, Embeddings),
        Of("openai", Chat, Completion, Embeddings, Responses, Moderation),
        Of("anthropic", Messages, CountTokens) with { Credential = CredentialStyle.ApiKeyHeader },
    }.ToFrozenDictionary(p => p.Name);

    /// <summary>The profile of one of <see cref="EngineNames.All"/>.</summary>
    public static EngineProfile? Find(string engine) => All.GetValueOrDefault(engine);

    private static EngineProfile Of(string name, params Route[] routes) =>
        new(name, routes.Select((r, i) => (r.Operation, Route: new EngineRoute(r.Path, i))).ToFrozenDictionary(r => r.Operation, r => r.Route));

    private sealed record Route(string Operation, string Path);
}
