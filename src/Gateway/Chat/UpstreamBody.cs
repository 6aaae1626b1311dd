using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Gateway.Chat;

/// <summary>
/// The caller's body with the upstream's model name, and for streams our usage options, spliced in: the same bytes in
/// parts, not a copy. Nothing else changes.
/// </summary>
internal sealed class UpstreamBody
{
    private readonly ReadOnlyMemory<byte>[] _parts;

    private UpstreamBody(params ReadOnlyMemory<byte>[] parts) => _parts = parts;

    public long Length => _parts.Sum(p => (long)p.Length);

    /// <param name="continuousUsage">Ask for usage in every chunk.</param>
    public static UpstreamBody Of(ReadOnlyMemory<byte> body, ChatRequest request, string upstreamModel, bool continuousUsage)
    {
        var model = Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(upstreamModel, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");
        if (!request.Streamed)
            return new(body[..request.ModelValue.Start], model, body[request.ModelValue.End..]);
        var replaced = request.StreamOptionsValue ?? request.End..request.End;
        var options = StreamOptions(body.Span, request, continuousUsage);
        return request.ModelValue.Start.Value < replaced.Start.Value
            ? new(body[..request.ModelValue.Start], model, body[request.ModelValue.End..replaced.Start], options, body[replaced.End..])
            : new(body[..replaced.Start], options, body[replaced.End..request.ModelValue.Start], model, body[request.ModelValue.End..]);
    }

    /// <summary>A stream over all of it; as many as there are tries.</summary>
    public PartsStream OpenRead() => new PartsStream(_parts);

    /// <summary>The value of <c>stream_options</c>, with its name where the caller had none.</summary>
    private static byte[] StreamOptions(ReadOnlySpan<byte> body, ChatRequest request, bool continuousUsage)
    {
        var text = new StringBuilder(request.StreamOptionsValue is null ? ",\"stream_options\":" : "");
        text.Append("{\"include_usage\":true");
        if (continuousUsage || request.ContinuousUsage)
            text.Append(",\"continuous_usage_stats\":true");
        foreach (var other in request.OtherStreamOptions)
            text.Append(',').Append(Encoding.UTF8.GetString(body[other]));
        return Encoding.UTF8.GetBytes(text.Append('}').ToString());
    }
}
