using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Errors;

/// <summary>What the gateway itself says in a dialect: errors, as a body and as an event of a stream that has begun, and signs of life.</summary>
internal abstract class ErrorShape
{
    private static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The shape that whoever sent the request reads, by its path: also for what no endpoint answered.</summary>
    public static ErrorShape Of(HttpContext context) => context.Features.Get<ErrorShape>() ?? OpenAiErrors.Shape;

    /// <summary>For a stream that is silent for long: clients skip it. A comment (WHATWG HTML, 9.2.6) unless the dialect has an event for it.</summary>
    public virtual ReadOnlyMemory<byte> SignOfLife => Comment;

    /// <summary>A JSON object.</summary>
    public abstract byte[] Body(ApiError error, RequestId id);

    /// <summary>An event, its empty line included.</summary>
    /// <param name="sequence">Its number, where the dialect numbers events.</param>
    public abstract byte[] Event(ApiError error, RequestId id, long sequence);

    protected static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Plain))
            write(json);
        return buffer.WrittenSpan.ToArray();
    }
}
