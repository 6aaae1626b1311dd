using System.Collections.Frozen;
using Platform.Contracts.Usage;
using Platform.Gateway.Translation;
using EngineNames = Platform.Contracts.Configuration.Engines;

namespace Platform.Gateway.Upstream;

/// <summary>
/// The engines that endpoints may be of, and what they serve where, from their own documentation. An engine's older
/// versions serve less; they answer 404 themselves then. Chat completions and messages are served by each: by what it speaks.
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
    private static readonly Route MessagesOverChat = new(Operations.Messages, Chat.Path, new MessagesThroughChat());
    private static readonly Route ChatOverMessages = new(Operations.Chat, Messages.Path, new ChatThroughMessages());
    private static readonly Route CountOverTokenize = new(Operations.CountTokens, Tokenize.Path, new CountThroughTokenize());
    private static readonly Route Moderation = new(Operations.Moderation, "/v1/moderations");

    private static readonly FrozenDictionary<string, EngineProfile> All = new[]
    {
        // Its own messages came late and do not count as they go; through chat, every version serves them, and a cut stream is exact.
        Of(EngineNames.Vllm, Chat, Completion, Embeddings, Responses, MessagesOverChat, CountOverTokenize, Rerank, new(Operations.Score, "/score"), Tokenize)
            with { CountsContinuously = true, TakesTopK = true },
        Of("sglang", Chat, Completion, Embeddings, Responses, MessagesOverChat, Rerank, new(Operations.Score, "/v1/score"), Tokenize) with { TakesTopK = true },
        Of("trtllm", Chat, Completion, MessagesOverChat) with { TakesTopK = true },
        Of("triton", Chat, Completion, MessagesOverChat),
        Of("tgi", Chat, Completion, MessagesOverChat),
        Of("llamacpp", Chat, Completion, Embeddings, MessagesOverChat, Rerank, Tokenize) with { TakesTopK = true },
        Of("ollama", Chat, Completion, Embeddings, MessagesOverChat),
        Of("nim", Chat, Completion, Embeddings, MessagesOverChat) with { TakesTopK = true },
        Of("openai", Chat, Completion, Embeddings, Responses, MessagesOverChat, Moderation) with { TakesFiles = true, BoundsCompletionTokens = true },
        Of("anthropic", Messages, CountTokens, ChatOverMessages) with { Credential = CredentialStyle.ApiKeyHeader },
    }.ToFrozenDictionary(p => p.Name);

    /// <summary>The profile of one of <see cref="EngineNames.All"/>.</summary>
    public static EngineProfile? Find(string engine) => All.GetValueOrDefault(engine);

    private static EngineProfile Of(string name, params Route[] routes) =>
        new(name, routes.Select((r, i) => (r.Operation, Route: new EngineRoute(r.Path, i, r.Translation))).ToFrozenDictionary(r => r.Operation, r => r.Route));

    private sealed record Route(string Operation, string Path, Translator? Translation = null);
}
