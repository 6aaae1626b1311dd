using System.Text.Json;
using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.Anthropic;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Translation;

/// <summary>vLLM's <c>TokenizeResponse</c>, for a caller that asked Anthropic's <c>count_tokens</c>.</summary>
internal sealed class CountFromTokenize() : TranslatedAnswers(UncountedAnswers.Codec)
{
    public static readonly CountFromTokenize Codec = new();

    /// <summary>It is never streamed; an engine that does so all the same has its events passed on.</summary>
    public override EventPolicy NewEvents(Exchange exchange) => UncountedAnswers.Codec.NewEvents(exchange);

    protected override void Write(JsonValue answer, AnswerContext context, AnswerMeter meter, Utf8JsonWriter json, Findings findings)
    {
        if (answer.Member("count"u8).Integer is not { } count)
        {
            findings.Refuse(ApiErrors.Missing("count"));
            return;
        }
        json.WriteStartObject();
        json.WriteNumber("input_tokens", count);
        json.WriteEndObject();
    }
}
