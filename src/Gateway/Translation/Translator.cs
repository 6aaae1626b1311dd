using System.Buffers;
using System.Text.Json;
using Platform.Gateway.Answers;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>Serves an operation through another one, which the engine has: the request said anew, and how its answer is read. Has no state.</summary>
internal abstract class Translator
{
    public abstract AnswerCodec Answers { get; }

    /// <summary>Null where the request is in the output; else why it cannot be said.</summary>
    public ApiError? Write(TranslationInput input, IBufferWriter<byte> output, Findings findings)
    {
        try
        {
            using var json = new Utf8JsonWriter(output, JsonWriting.Options);
            Write(input, json, findings);
            if (findings.Error is not null)
                json.Reset();
            return findings.Error;
        }
        catch (InvalidOperationException)
        {
            // A text with an escape that is no character.
            return ApiErrors.NotJson;
        }
    }

    protected abstract void Write(TranslationInput input, Utf8JsonWriter json, Findings findings);
}
