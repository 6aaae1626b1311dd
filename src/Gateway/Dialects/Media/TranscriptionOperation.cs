using Platform.Gateway.Answers;
using Platform.Gateway.Api;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Media;

/// <summary><c>POST /v1/audio/transcriptions</c> and <c>/v1/audio/translations</c> (OpenAI, <c>CreateTranscriptionRequest</c>): a form with a file, whose words come back.</summary>
internal sealed class TranscriptionOperation(string name, string route) : Operation
{
    private static readonly FormShape Form = new(["file"], "response_format", "language");

    public override string Name => name;

    public override IReadOnlyList<string> Routes => [route];

    public override AnswerCodec Answers => TranscriptionAnswers.Codec;

    public override BodyKinds Bodies => BodyKinds.Form;

    public override Result<RequestFacts> Read(ReadOnlyMemory<byte> body) => FormErrors.WrongType(Bodies);

    public override Result<RequestFacts> ReadForm(ReadOnlyMemory<byte> body, string? boundary)
    {
        var (facts, error) = Form.Read(body.Span, boundary);
        return facts is FormRequest form ? form with { AudioSeconds = AudioLength.Of(body.Span[form.File]) } : error!;
    }
}
