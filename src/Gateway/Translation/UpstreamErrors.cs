using System.Text;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>Reads an endpoint's own error, OpenAI's or Anthropic's, so that it can be said in the caller's dialect.</summary>
internal static class UpstreamErrors
{
    private const int MaxTextBytes = 4096;
    private const int Overloaded = 529;

    /// <summary>Null where there is no error with a message.</summary>
    /// <param name="status">Of the answer; 0 in a stream, where the error itself tells.</param>
    public static ApiError? Read(int status, JsonValue body)
    {
        var error = body.Member("error"u8).IsObject ? body.Member("error"u8) : body;
        if (TextOf(error.Member("message"u8)) is not { } message)
            return null;
        var code = error.Member("code"u8);
        if (status == 0)
            status = code.Integer is >= 400 and <= 599 and var said ? (int)said : StatusOf(error.Member("type"u8), code);
        return ApiErrors.UpstreamSaid(status, message, TextOf(error.Member("param"u8)), IsTooLong(code, message) ? "context_length_exceeded" : null);
    }

    /// <summary>OpenAI's code, and how Anthropic and vLLM say it.</summary>
    private static bool IsTooLong(JsonValue code, string message) =>
        code.Is("context_length_exceeded"u8) || message.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase)
        || message.Contains("maximum context length", StringComparison.OrdinalIgnoreCase);

    private static int StatusOf(JsonValue type, JsonValue code)
    {
        if (type.Is("overloaded_error"u8) || code.Is("server_is_overloaded"u8))
            return Overloaded;
        if (type.Is("rate_limit_error"u8) || code.Is("rate_limit_exceeded"u8))
            return StatusCodes.Status429TooManyRequests;
        if (type.Is("invalid_request_error"u8))
            return StatusCodes.Status400BadRequest;
        return type.Is("timeout_error"u8) ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status500InternalServerError;
    }

    private static string? TextOf(JsonValue value)
    {
        if (!value.IsText)
            return null;
        try
        {
            var text = value.Unescaped();
            return text.Length == 0 ? null : Encoding.UTF8.GetString(text.AsSpan(0, Math.Min(text.Length, MaxTextBytes)));
        }
        catch (InvalidOperationException)
        {
            // A text with an escape that is no character.
            return null;
        }
    }
}
