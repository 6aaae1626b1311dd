using Platform.Gateway.Answers;
using Platform.Gateway.Api;
using Platform.Gateway.Dialects.Responses;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Media;

/// <summary>OpenAI's images: made (<c>CreateImageRequest</c>), edited (a form, or <c>EditImageBodyJsonParam</c>) and varied (a form).</summary>
/// <param name="json">Null where no JSON is taken.</param>
/// <param name="form">Null where no form is taken.</param>
internal sealed class ImageOperation(string name, string route, BodyShape? json, FormShape? form) : Operation
{
    public override string Name => name;

    public override IReadOnlyList<string> Routes => [route];

    public override AnswerCodec Answers => ImageAnswers.Codec;

    public override BodyKinds Bodies => (json is null ? 0 : BodyKinds.Json) | (form is null ? 0 : BodyKinds.Form);

    public override Result<RequestFacts> Read(ReadOnlyMemory<byte> body)
    {
        if (json is null)
            return FormErrors.WrongType(Bodies);
        var (request, error) = JsonRequestReader.Read(body.Span, json);
        if (request is null)
            return error!;
        return StoredState.NamesFile(body.Span) ? ApiErrors.NotSupported("file_id") : request;
    }

    public override Result<RequestFacts> ReadForm(ReadOnlyMemory<byte> body, string? boundary) =>
        form is null ? base.ReadForm(body, boundary) : form.Read(body.Span, boundary);
}
