using System.Collections.Frozen;
using Platform.Contracts.Usage;
using Platform.Gateway.Translation;
using EngineNames = Platform.Contracts.Configuration.Engines;

namespace Platform.Gateway.Upstream;

/// <summary>
/// The engines that endpoints may be of, and what they serve where, from their own documentation. An engine's older
/// versions serve less; their own 404 is told as what it is then. Chat completions and messages are served by each: by what it speaks.
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
    private static readonly Route Transcription = new(Operations.Transcription, "/v1/audio/transcriptions");
    private static readonly Route Translation = new(Operations.Translation, "/v1/audio/translations");
    private static readonly Route Moderation = new(Operations.Moderation, "/v1/moderations");

    private static readonly Route[] OpenAiOnly =
    [
        new(Operations.Speech, "/v1/audio/speech"),
        new(Operations.ImageGeneration, "/v1/images/generations"),
        new(Operations.ImageEdit, "/v1/images/edits"),
        new(Operations.ImageVariation, "/v1/images/variations"),
        new(Operations.CountInput, "/v1/responses/input_tokens"),
    ];

    private static readonly FrozenDictionary<string, EngineProfile> All = new[]
    {
        // Its own messages came late and do not count as they go; through chat, every version serves them, and a cut stream is exact.
        Of(EngineNames.Vllm, Chat, Completion, Embeddings, Responses, MessagesOverChat, CountOverTokenize, Rerank, new(Operations.Score, "/score"), Tokenize, Transcription, Translation)
            with { CountsContinuously = true, CountsFormsOnDemand = true, TakesTopK = true },
        Of("sglang", Chat, Completion, Embeddings, Responses, MessagesOverChat, Rerank, new(Operations.Score, "/v1/score"), Tokenize) with { TakesTopK = true },
        Of("trtllm", Chat, Completion, MessagesOverChat) with { TakesTopK = true },
        Of("triton", Chat, Completion, MessagesOverChat),
        Of("tgi", Chat, Completion, MessagesOverChat),
        Of("llamacpp", Chat, Completion, Embeddings, MessagesOverChat, Rerank, Tokenize) with { TakesTopK = true },
        Of("ollama", Chat, Completion, Embeddings, MessagesOverChat),
        Of("nim", Chat, Completion, Embeddings, MessagesOverChat) with { TakesTopK = true },
        Of("openai", [Chat, Completion, Embeddings, Responses, MessagesOverChat, Moderation, Transcription, Translation, .. OpenAiOnly])
            with { TakesFiles = true, BoundsCompletionTokens = true },
        Of("anthropic", Messages, CountTokens, ChatOverMessages) with { Credential = CredentialStyle.ApiKeyHeader },
    }.ToFrozenDictionary(p => p.Name);

    private static readonly FrozenSet<string> Known = All.Values.SelectMany(p => p.Routes.Keys).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The profile of one of <see cref="EngineNames.All"/>.</summary>
    public static EngineProfile? Find(string engine) => All.GetValueOrDefault(engine);

    /// <summary>Some engine does it.</summary>
    public static bool IsOperation(string name) => Known.Contains(name);

    private static EngineProfile Of(string name, params Route[] routes) =>
        new(name, routes.Select((r, i) => (r.Operation, Route: new EngineRoute(r.Path, i, r.Translation))).ToFrozenDictionary(r => r.Operation, r => r.Route));

    private sealed record Route(string Operation, string Path, Translator? Translation = null);
}
