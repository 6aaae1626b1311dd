using Platform.Contracts.Usage;
using Platform.Gateway.Dialects.Anthropic;
using Platform.Gateway.Dialects.Media;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Dialects.Responses;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Api;

/// <summary>All that callers may ask for. A new endpoint is a line here, and lines in the engines' profiles.</summary>
internal static class OperationTable
{
    private const JsonKinds TextOrArray = JsonKinds.Text | JsonKinds.Array;
    private const JsonKinds TextObjectOrArray = TextOrArray | JsonKinds.Object;

    public static readonly IReadOnlyList<Operation> All =
    [
        new ChatOperation(),
        new CompletionOperation(),
        new ResponsesOperation(),
        new MessagesOperation(),
        new CountTokensOperation(),
        new JsonOperation(Operations.Embeddings, new(Prompt("input", TextOrArray)), "/v1/embeddings"),
        new JsonOperation(Operations.Rerank, new(Prompt("query", TextObjectOrArray), Prompt("documents", TextObjectOrArray)), "/v1/rerank", "/v2/rerank"),
        new JsonOperation(Operations.Score, new(), "/v1/score"),
        new JsonOperation(Operations.Moderation, new(Prompt("input", TextOrArray)), "/v1/moderations"),
        new JsonOperation(Operations.Tokenize, new(), "/tokenize"),
        new CountInputOperation(),
        new TranscriptionOperation(Operations.Transcription, "/v1/audio/transcriptions"),
        new TranscriptionOperation(Operations.Translation, "/v1/audio/translations"),
        new SpeechOperation(),
        new ImageOperation(Operations.ImageGeneration, "/v1/images/generations", new(BodyShape.Stream, Prompt("prompt", JsonKinds.Text)), form: null),
        new ImageOperation(
            Operations.ImageEdit, "/v1/images/edits",
            new(BodyShape.Stream, Prompt("prompt", JsonKinds.Text), new BodyMember("images", JsonKinds.Array) { Required = true }), new(["image", "image[]"], "n", "size", "response_format")),
        new ImageOperation(Operations.ImageVariation, "/v1/images/variations", json: null, new(["image"], "n", "size", "response_format")),
    ];

    private static BodyMember Prompt(string name, JsonKinds kinds) => new(name, kinds) { Required = true, IsPrompt = true };
}
