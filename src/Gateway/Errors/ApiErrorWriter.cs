using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Gateway.Errors;

internal static class ApiErrorWriter
{
    public const string ReasonHeader = "x-gateway-reason";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers with the error, unless the answer has begun.</summary>
    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        var response = context.Response;
        if (response.HasStarted)
            return;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.Headers[ReasonHeader] = error.Reason;
        if (error.RetryAfter is not null)
            response.Headers.RetryAfter = error.RetryAfter;
        var body = ToUtf8(error);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary><c>{"error":{"message":...,"type":...,"param":...,"code":...}}</c>.</summary>
    public static byte[] ToUtf8(ApiError error)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", error.Message);
            json.WriteString("type", error.Type);
            json.WriteString("param", error.Param);
            json.WriteString("code", error.Code);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
