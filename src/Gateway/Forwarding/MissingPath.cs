using System.Text.Json;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Tells an engine that has no such path from one that does not know the model: both say 404. A path is missing where the
/// answer is no error object, as FastAPI's <c>{"detail":"Not Found"}</c> is none, or one whose text says no more than the
/// status does (vLLM from 0.10 on, llama.cpp), or that OpenAI writes of an unknown URL.
/// </summary>
internal static class MissingPath
{
    private static readonly string[] Phrases = ["Not Found", "File Not Found", "Method Not Allowed"];

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    public static bool IsMeant(int status, ReadOnlySpan<byte> body) => status switch
    {
        StatusCodes.Status405MethodNotAllowed => true,
        StatusCodes.Status404NotFound => !TryFindMessage(body, out var message) || SaysNothing(message),
        _ => false,
    };

    private static bool SaysNothing(string message) =>
        Phrases.Contains(message.Trim().TrimEnd('.'), StringComparer.OrdinalIgnoreCase) || message.StartsWith("Invalid URL (", StringComparison.Ordinal);

    /// <summary>The text of an error, in an object <c>error</c> or at the root.</summary>
    private static bool TryFindMessage(ReadOnlySpan<byte> body, out string message)
    {
        message = "";
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth <= 2 && IsText(ref reader, ref message))
                    return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
        return false;
    }

    /// <summary>Ollama says <c>{"error":"model 'x' not found"}</c>.</summary>
    private static bool IsText(ref Utf8JsonReader reader, ref string message)
    {
        if (!reader.ValueTextEquals("message"u8) && !reader.ValueTextEquals("error"u8))
            return false;
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
            return false;
        message = reader.GetString()!;
        return true;
    }
}
