using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Gateway.Requests;

/// <summary>A body for upstream, in parts: what we put in, and the caller's own bytes around it, which are not copied.</summary>
internal sealed class RequestBody(params ReadOnlyMemory<byte>[] parts)
{
    public long Length
    {
        get
        {
            var length = 0L;
            foreach (var part in parts)
                length += part.Length;
            return length;
        }
    }

    /// <summary>A stream over all of it; as many as there are tries.</summary>
    public PartsStream OpenRead() => new(parts);

    /// <summary>A text as JSON has it, quotes included.</summary>
    public static byte[] Quoted(string text) =>
        Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");

    /// <summary>The body with other bytes in one place.</summary>
    public static RequestBody With(ReadOnlyMemory<byte> body, Range replaced, ReadOnlyMemory<byte> text) =>
        new(body[..replaced.Start], text, body[replaced.End..]);

    /// <summary>The body with other bytes in two places that do not overlap.</summary>
    public static RequestBody With(
        ReadOnlyMemory<byte> body, Range one, ReadOnlyMemory<byte> textOfOne, Range other, ReadOnlyMemory<byte> textOfOther) =>
        one.Start.Value < other.Start.Value
            ? new(body[..one.Start], textOfOne, body[one.End..other.Start], textOfOther, body[other.End..])
            : new(body[..other.Start], textOfOther, body[other.End..one.Start], textOfOne, body[one.End..]);
}
