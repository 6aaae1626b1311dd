using System.Text.Json;
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

    /// <summary>Members that name something stored; null says nothing.</summary>
    private static readonly BodyMember[] Stored =
    [
        new("previous_response_id", JsonKinds.Text | JsonKinds.Null),
        new("conversation", JsonKinds.Text | JsonKinds.Object | JsonKinds.Null),
        new("background", JsonKinds.Flag | JsonKinds.Null),
        new("prompt", JsonKinds.Object | JsonKinds.Null),
    ];

    private static readonly BodyShape Shape = new(
    [
        BodyShape.Stream, Input, Store,
        new BodyMember("instructions", JsonKinds.Text | JsonKinds.Array | JsonKinds.Null) { IsPrompt = true, MayBeEmpty = true },
        new BodyMember("tools", JsonKinds.Array | JsonKinds.Null) { IsPrompt = true, MayBeEmpty = true },
        .. Stored,
    ]);

    public override string Name => Operations.Responses;

    public override IReadOnlyList<string> Routes => ["/v1/responses"];

    public override AnswerCodec Answers => ResponsesAnswers.Codec;

    public override Result<RequestFacts> Read(ReadOnlyMemory<byte> body)
    {
        var (request, error) = JsonRequestReader.Read(body.Span, Shape);
        if (request is null)
            return error!;
        foreach (var member in Stored)
        {
            if (request.ValueOf(member) is { } value && !body.Span[value].SequenceEqual("null"u8) && !body.Span[value].SequenceEqual("false"u8))
                return ApiErrors.NotSupported(member.Name);
        }
        if (request.ValueOf(Input) is { } input && NamesFile(body.Span[input]))
            return ApiErrors.NotSupported("file_id");
        return new ResponsesRequest
        {
            Model = request.Model,
            Streamed = request.Streamed,
            PromptBytes = request.PromptBytes,
            Shape = request.Shape,
            Values = request.Values,
            End = request.End,
            StoreValue = request.ValueOf(Store),
        };
    }

    /// <summary>The bytes are known to be JSON.</summary>
    private static bool NamesFile(ReadOnlySpan<byte> input)
    {
        var reader = new Utf8JsonReader(input, new JsonReaderOptions { MaxDepth = 128 });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("file_id"u8) && reader.Read() && reader.TokenType != JsonTokenType.Null)
                return true;
        }
        return false;
    }
}
