using Platform.Contracts.Usage;
using Platform.Gateway.Answers;
using Platform.Gateway.Api;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Media;

/// <summary><c>POST /v1/audio/speech</c> (OpenAI, <c>CreateSpeechRequest</c>): a text in, its sound out, as bytes or as events.</summary>
internal sealed class SpeechOperation : Operation
{
    private static readonly BodyMember Input = new("input", JsonKinds.Text) { Required = true, IsPrompt = true };
    private static readonly BodyMember Voice = new("voice", JsonKinds.Text | JsonKinds.Object) { Required = true };
    private static readonly BodyMember Format = new("stream_format", JsonKinds.Text | JsonKinds.Null);

    private static readonly BodyShape Shape = new(Input, Format, Voice, new BodyMember("instructions", JsonKinds.Text | JsonKinds.Null) { IsPrompt = true });

    public override string Name => Operations.Speech;

    public override IReadOnlyList<string> Routes => ["/v1/audio/speech"];

    public override AnswerCodec Answers => SpeechAnswers.Codec;

    public override Result<RequestFacts> Read(ReadOnlyMemory<byte> body)
    {
        var (request, error) = JsonRequestReader.Read(body.Span, Shape);
        if (request is null)
            return error!;
        // A voice that somebody stored at the provider: nobody could say whose it is.
        if (body.Span[request.ValueOf(Voice)!.Value][0] == (byte)'{')
            return ApiErrors.NotSupported(Voice.Name);
        return request with
        {
            Streamed = request.ValueOf(Format) is { } format && body.Span[format].SequenceEqual("\"sse\""u8),
            Characters = JsonText.CountCharacters(body.Span[request.ValueOf(Input)!.Value]),
        };
    }
}
