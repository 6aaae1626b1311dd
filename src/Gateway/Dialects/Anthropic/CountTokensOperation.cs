using Platform.Contracts.Usage;
using Platform.Gateway.Answers;
using Platform.Gateway.Api;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Anthropic;

/// <summary><c>POST /v1/messages/count_tokens</c>: how long a prompt would be. The model does not run, so nothing is counted.</summary>
internal sealed class CountTokensOperation : Operation
{
    private static readonly BodyMember Messages = new("messages", JsonKinds.Array) { Required = true };

    private static readonly BodyShape Shape = new(Messages);

    public override string Name => Operations.CountTokens;

    public override IReadOnlyList<string> Routes => ["/v1/messages/count_tokens"];

    public override AnswerCodec Answers => UncountedAnswers.Codec;

    public override Result<RequestFacts> Read(ReadOnlyMemory<byte> body)
    {
        var (request, error) = JsonRequestReader.Read(body.Span, Shape);
        if (request is null)
            return error!;
        return MessageFiles.Refusal(request, Messages, body.Span) is { } refusal ? refusal : new Result<RequestFacts>(request, null);
    }
}
