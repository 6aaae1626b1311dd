using Platform.Gateway.Answers;
using Platform.Gateway.Api;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.OpenAi;

/// <summary>A JSON body in, a JSON answer out, and an endpoint gets another <c>model</c>: embeddings, rankings, and what is like them.</summary>
internal sealed class JsonOperation(string name, BodyShape shape, params IReadOnlyList<string> routes) : Operation
{
    public override string Name => name;

    public override IReadOnlyList<string> Routes => routes;

    public override AnswerCodec Answers => PlainAnswers.Codec;

    public override Result<RequestFacts> Read(ReadOnlyMemory<byte> body)
    {
        var (request, error) = JsonRequestReader.Read(body.Span, shape);
        return new(request, error);
    }
}
