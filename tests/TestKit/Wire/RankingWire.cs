using System.Text.Json.Nodes;

namespace Platform.TestKit.Wire;

/// <summary>Reranking and scoring: Jina's shape (which vLLM and Infinity share), Cohere's two, and vLLM's scores.</summary>
public static class RankingWire
{
    private const string Id = "8fa2bc31-7de0-4c1f-9a55-1f6b8d2e3c40";

    public static byte[] Jina(IReadOnlyList<RankedDocument> results, int tokens, string model = "sample-reranker") => WireJson.Bytes(new()
    {
        ["model"] = model,
        ["object"] = "list",
        ["usage"] = new JsonObject { ["total_tokens"] = tokens },
        ["results"] = Results(results, withText: true),
    });

    public static byte[] Vllm(IReadOnlyList<RankedDocument> results, int tokens, string model = "sample-reranker") => WireJson.Bytes(new()
    {
        ["id"] = "rerank-" + Id,
        ["model"] = model,
        ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        ["results"] = Results(results, withText: true),
    });

    /// <summary>Billed by searches, not by tokens.</summary>
    public static byte[] CohereV1(IReadOnlyList<RankedDocument> results, int searchUnits = 1) => Cohere("1", results, withText: true, new() { ["search_units"] = searchUnits }, tokens: null);

    /// <summary>Without documents; with <c>meta.tokens</c> where a count is given, as other servers of this shape send it.</summary>
    public static byte[] CohereV2(IReadOnlyList<RankedDocument> results, int searchUnits = 1, int? tokens = null) =>
        Cohere("2", results, withText: false, new() { ["search_units"] = searchUnits }, tokens);

    public static byte[] Scores(IReadOnlyList<double> scores, int tokens, string model = "sample-reranker") => WireJson.Bytes(new()
    {
        ["id"] = "score-" + Id,
        ["object"] = "list",
        ["created"] = 1764000000,
        ["model"] = model,
        ["data"] = WireJson.Array(scores.Select((s, i) => new JsonObject { ["index"] = i, ["object"] = "score", ["score"] = s })),
        ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens, ["completion_tokens"] = 0, ["prompt_tokens_details"] = null },
    });

    public static WireError CohereError(int status, string message) => new(status, WireJson.Bytes(new() { ["id"] = Id, ["message"] = message }));

    public static WireError JinaError(int status, string detail) => new(status, WireJson.Bytes(new() { ["detail"] = detail }));

    private static byte[] Cohere(string version, IReadOnlyList<RankedDocument> results, bool withText, JsonObject billed, int? tokens)
    {
        var meta = new JsonObject { ["api_version"] = new JsonObject { ["version"] = version }, ["billed_units"] = billed };
        if (tokens is not null)
            meta["tokens"] = new JsonObject { ["input_tokens"] = tokens, ["output_tokens"] = 0 };
        return WireJson.Bytes(new() { ["id"] = Id, ["results"] = Results(results, withText), ["meta"] = meta });
    }

    private static JsonArray Results(IReadOnlyList<RankedDocument> results, bool withText) => WireJson.Array(results.Select(r =>
    {
        var result = new JsonObject { ["index"] = r.Index, ["relevance_score"] = r.Score };
        if (withText)
            result["document"] = new JsonObject { ["text"] = r.Text };
        return result;
    }));
}

/// <summary>A document at its index among those sent; the best comes first.</summary>
public sealed record RankedDocument(int Index, double Score, string Text);
