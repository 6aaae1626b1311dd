using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Usage;
using Platform.Control.Api;
using Platform.Control.Certificates;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

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

    /// <summary>Where a pool has certificates, or believes certain ones only, an address without TLS would have neither: agents refuse it.</summary>
    /// <param name="path">Of the address with an index.</param>
    public static void CheckTls(bool hasTls, IEnumerable<string?> urls, Func<int, string> path, Faults faults)
    {
        foreach (var (index, url) in urls.Index())
        {
            if (hasTls && IsPlain(url))
                faults.Add(path(index), "must be https: the pool has certificates or authorities of its own.");
        }
    }

    /// <summary>The same of the endpoints that are there.</summary>
    public static async Task CheckTlsAsync(ControlDb db, PoolRow pool, string path, Faults faults, CancellationToken ct)
    {
        if (await EndpointReads.Live(db, pool.TenantId, pool.Id).AnyAsync(e => e.Url.StartsWith("http://"), ct))
            faults.Add(path, "Endpoints of the pool have addresses without TLS (http): change or remove them first.");
    }

    private static bool IsPlain(string? url) => url?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true;
}
