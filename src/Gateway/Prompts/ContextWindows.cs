using System.Collections.Frozen;
using Platform.Contracts.Configuration;
using Platform.Contracts.Usage;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Prompts;

/// <summary>Refuses prompts that no vocabulary could fit into their model's context window, before they are sent anywhere.</summary>
internal static class ContextWindows
{
    /// <summary>
    /// No token stands for more of them. The longest of GPT-2, p50k, cl100k and o200k have 128 bytes, at most 114 of them such
    /// characters; who is within the bound is the engine's to judge.
    /// </summary>
    public const int MostCharactersPerToken = 256;

    /// <summary>Those whose prompt has to fit whole, and where it stands. Embeddings and rankings are cut by many engines instead.</summary>
    private static readonly FrozenDictionary<string, string> Prompts = new Dictionary<string, string>
    {
        [Operations.Chat] = "messages",
        [Operations.Messages] = "messages",
        [Operations.Completion] = "prompt",
        [Operations.Responses] = "input",
    }.ToFrozenDictionary();

    /// <summary>Null where the prompt may fit, or nobody said how long the window is.</summary>
    public static ApiError? Refusal(string operation, RequestFacts facts, ReadOnlySpan<byte> body, ModelEntry model)
    {
        if (model.ContextWindow is not { } window || facts.PromptBytes / MostCharactersPerToken <= window || !Prompts.TryGetValue(operation, out var member))
            return null;
        var least = PromptText.Count(body, member) / MostCharactersPerToken;
        return least <= window ? null
            : operation == Operations.Messages ? ApiErrors.PromptTooLong(window, least)
            : ApiErrors.ContextLengthExceeded(window, least, member);
    }
}
