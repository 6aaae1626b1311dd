using Platform.Contracts.Usage;
using Platform.Control.Api;
using Platform.Control.Certificates;

namespace Platform.Control.Pools;

/// <summary>What a pool's request may say of operations and authorities, beyond its shape.</summary>
internal static class PoolRules
{
    public static readonly IReadOnlyList<string> KnownOperations =
    [
        Operations.Chat, Operations.Completion, Operations.Embeddings, Operations.Responses, Operations.Messages, Operations.CountTokens,
        Operations.Rerank, Operations.Score, Operations.Moderation, Operations.Tokenize, Operations.Transcription, Operations.Translation,
        Operations.Speech, Operations.ImageGeneration, Operations.ImageEdit, Operations.ImageVariation, Operations.CountInput,
    ];

    public static void Check(IReadOnlyList<string>? operations, IReadOnlyList<string>? authorities, Faults faults)
    {
        foreach (var (index, operation) in (operations ?? []).Index())
        {
            if (!KnownOperations.Contains(operation))
                faults.Add($"operations[{index}]", $"must be one of {string.Join(", ", KnownOperations)}.");
            else if (operations!.Take(index).Contains(operation, StringComparer.Ordinal))
                faults.Add($"operations[{index}]", "It stands twice.");
        }
        Authorities.Check(authorities, "trustedAuthorities", faults);
    }
}
