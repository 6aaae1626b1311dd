using System.Buffers;
using System.Text.Json;
using Platform.Gateway.Answers;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Translation;

/// <summary>Answers in another dialect than the caller's.</summary>
/// <param name="spoken">The endpoint's own dialect: it counts.</param>
internal abstract class TranslatedAnswers(AnswerCodec spoken) : AnswerCodec
{
    public sealed override void Read(ReadOnlySpan<byte> body, AnswerMeter meter) => spoken.Read(body, meter);

    public sealed override bool IsRefusal(ReadOnlySpan<byte> body) => false;

    public sealed override ApiError? RefusalOf(int status, ReadOnlyMemory<byte> body) =>
        JsonValue.TryRoot(body, out var root) ? UpstreamErrors.Read(status, root) : null;

    public sealed override Rewriting Rewrite(ReadOnlyMemory<byte> body, Exchange exchange, IBufferWriter<byte> output)
    {
        var findings = new Findings();
        if (!TryWrite(body, AnswerContext.Of(exchange), exchange.Meter, output, findings))
            return Rewriting.Unreadable;
        findings.AddTo(exchange.Http.Response);
        return Rewriting.Written;
    }

    /// <summary>False where the body is no answer of the endpoint's dialect.</summary>
    public bool TryWrite(ReadOnlyMemory<byte> body, AnswerContext context, AnswerMeter meter, IBufferWriter<byte> output, Findings findings)
    {
        try
        {
            if (!JsonValue.TryRoot(body, out var root) || !root.IsObject)
                return false;
            using var json = new Utf8JsonWriter(output, JsonWriting.Options);
            Write(root, context, meter, json, findings);
            return findings.Error is null;
        }
        catch (InvalidOperationException)
        {
            // A text with an escape that is no character.
            return false;
        }
    }

    protected abstract void Write(JsonValue answer, AnswerContext context, AnswerMeter meter, Utf8JsonWriter json, Findings findings);
}
