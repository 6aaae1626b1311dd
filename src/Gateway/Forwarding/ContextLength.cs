using System.Text.Json;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Finds out whether a refusal says that the prompt is too long for the model. OpenAI has a code for it, llama.cpp a type;
/// the others say it in words, which are those of vLLM (0.4 to 0.15), SGLang and Anthropic.
/// </summary>
internal static class ContextLength
{
    private static readonly string[] Names = ["context_length_exceeded", "exceed_context_size_error"];

    private static readonly string[] Words =
    [
        "maximum context length is", "maximum context length (", "longer than the maximum model length", "longer than the model's context length",
        "exceeds the available context size", "prompt is too long", "exceed context limit",
    ];

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <param name="body">A refusal's, in any engine's shape: an object <c>error</c>, or its members at the root.</param>
    public static bool IsMeant(int status, ReadOnlySpan<byte> body)
    {
        if (status is not (StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status422UnprocessableEntity))
            return false;
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth <= 2 && IsTold(ref reader))
                    return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
        return false;
    }

    private static bool IsTold(ref Utf8JsonReader reader)
    {
        var isName = reader.ValueTextEquals("code"u8) || reader.ValueTextEquals("type"u8);
        var isMessage = reader.ValueTextEquals("message"u8);
        reader.Read();
        if (reader.TokenType != JsonTokenType.String || !(isName || isMessage))
            return false;
        var text = reader.GetString()!;
        return isName ? Names.Contains(text) : Words.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase));
    }
}
