using Platform.Contracts.Usage;
using Platform.Gateway.Answers;
using Platform.Gateway.Api;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.OpenAi;

/// <summary><c>POST /v1/completions</c> (OpenAI, <c>CreateCompletionRequest</c>): streamed and counted as chat completions are.</summary>
internal sealed class CompletionOperation : Operation
{
    public override string Name => Operations.Completion;

    public override IReadOnlyList<string> Routes => ["/v1/completions"];

    public override AnswerCodec Answers => ChatAnswers.Codec;

    public override Result<RequestFacts> Read(ReadOnlyMemory<byte> body)
    {
        var (request, error) = ChatRequestReader.Read(body.Span, isChat: false);
        return new(request, error);
    }
}
