using Platform.Contracts.Usage;
using Platform.Gateway.Answers;
using Platform.Gateway.Api;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Responses;

/// <summary><c>POST /v1/responses/input_tokens</c> (OpenAI, <c>TokenCountsBody</c>): how long an input would be. The model does not run, so nothing is counted.</summary>
internal sealed class CountInputOperation : Operation
{
    private static readonly BodyMember Input = new("input", JsonKinds.Text | JsonKinds.Array | JsonKinds.Null) { MayBeEmpty = true };
    private static readonly BodyShape Shape = new([Input, .. StoredState.Members]);

    public override string Name => Operations.CountInput;

    public override IReadOnlyList<string> Routes => ["/v1/responses/input_tokens"];

    public override AnswerCodec Answers => CountInputAnswers.Codec;

    public override Result<RequestFacts> Read(ReadOnlyMemory<byte> body)
    {
        var (request, error) = JsonRequestReader.Read(body.Span, Shape);
        if (request is null)
            return error!;
        return StoredState.Refusal(request, Input, body.Span) is { } refusal ? refusal : request;
    }
}

internal sealed class CountInputAnswers : AnswerCodec
{
    public static readonly CountInputAnswers Codec = new();

    public override void Read(ReadOnlySpan<byte> body, AnswerMeter meter)
    {
        if (!JsonText.IsWhole(body))
            meter.Miss();
        else
            (meter.Usage, meter.UsageIsFinal) = (default(UsageCount), true);
    }

    public override EventPolicy NewEvents(Exchange exchange) => ResponsesAnswers.Codec.NewEvents(exchange);

    public override bool IsRefusal(ReadOnlySpan<byte> body) => ResponsesAnswers.Codec.IsRefusal(body);
}
