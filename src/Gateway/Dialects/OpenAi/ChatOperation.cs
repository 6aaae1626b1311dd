using Platform.Contracts.Usage;
using Platform.Gateway.Answers;
using Platform.Gateway.Api;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.OpenAi;

/// <summary><c>POST /v1/chat/completions</c> (OpenAI, <c>CreateChatCompletionRequest</c>).</summary>
internal sealed class ChatOperation : Operation
{
    public override string Name => Operations.Chat;

    public override IReadOnlyList<string> Routes => ["/v1/chat/completions"];

    public override AnswerCodec Answers => ChatAnswers.Codec;

    public override Result<RequestFacts> Read(ReadOnlyMemory<byte> body)
    {
        var (request, error) = ChatRequestReader.Read(body.Span);
        return new(request, error);
    }
}
