using Platform.Contracts.Usage;
using Platform.Gateway.Answers;
using Platform.Gateway.Api;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Responses;

/// <summary>
/// <c>POST /v1/responses</c> (OpenAI, <c>CreateResponse</c>), without what would be kept elsewhere: nothing is stored
/// upstream, and what refers to something stored is refused, because nobody could say whose it is.
/// </summary>
internal sealed class ResponsesOperation : Operation
{
    private static readonly BodyMember Store = new("store", JsonKinds.Flag | JsonKinds.Null);
    private static readonly BodyMember Input = new("input", JsonKinds.Text | JsonKinds.Array) { Required = true, IsPrompt = true };

    private static readonly BodyShape Shape = new(
    [
        BodyShape.Stream, Input, Store,
        new BodyMember("instructions", JsonKinds.Text | JsonKinds.Array | JsonKinds.Null) { IsPrompt = true, MayBeEmpty = true },
        new BodyMember("tools", JsonKinds.Array | JsonKinds.Null) { IsPrompt = true, MayBeEmpty = true },
        new BodyMember("max_output_tokens", JsonKinds.Any) { IsOutputLimit = true, MayBeEmpty = true },
        .. StoredState.Members,
    ]);

    public override string Name => Operations.Responses;

    public override IReadOnlyList<string> Routes => ["/v1/responses"];

    public override AnswerCodec Answers => ResponsesAnswers.Codec;

    public override Result<RequestFacts> Read(ReadOnlyMemory<byte> body)
    {
        var (request, error) = JsonRequestReader.Read(body.Span, Shape);
        if (request is null)
            return error!;
        if (StoredState.Refusal(request, Input, body.Span) is { } refusal)
            return refusal;
        return new ResponsesRequest
        {
            Model = request.Model,
            Streamed = request.Streamed,
            PromptBytes = request.PromptBytes,
            FileBytes = request.FileBytes,
            MaxOutputTokens = request.MaxOutputTokens,
            Shape = request.Shape,
            Values = request.Values,
            End = request.End,
            StoreValue = request.ValueOf(Store),
        };
    }
}
