using Platform.Contracts.Usage;
using Platform.Gateway.Answers;
using Platform.Gateway.Api;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Anthropic;

/// <summary><c>POST /v1/messages</c> (Anthropic's Messages API).</summary>
internal sealed class MessagesOperation : Operation
{
    private static readonly BodyMember Messages = new("messages", JsonKinds.Array) { Required = true, IsPrompt = true };

    private static readonly BodyShape Shape = new(
        BodyShape.Stream,
        new BodyMember("max_tokens", JsonKinds.Number) { Required = true, IsOutputLimit = true },
        Messages,
        new BodyMember("system", JsonKinds.Text | JsonKinds.Array | JsonKinds.Null) { IsPrompt = true, MayBeEmpty = true },
        new BodyMember("tools", JsonKinds.Array | JsonKinds.Null) { IsPrompt = true, MayBeEmpty = true });

    public override string Name => Operations.Messages;

    public override IReadOnlyList<string> Routes => ["/v1/messages"];

    public override AnswerCodec Answers => MessagesAnswers.Codec;

    public override Result<RequestFacts> Read(ReadOnlyMemory<byte> body)
    {
        var (request, error) = JsonRequestReader.Read(body.Span, Shape);
        if (request is null)
            return error!;
        return MessageFiles.Refusal(request, Messages, body.Span) is { } refusal ? refusal : new Result<RequestFacts>(request, null);
    }
}
