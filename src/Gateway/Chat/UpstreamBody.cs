using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Gateway.Chat;

/// <summary>The caller's body with the upstream's model name, and for streams our usage options, spliced in. Nothing else changes.</summary>
internal static class UpstreamBody
{
    /// <summary>False when the buffers' budget is spent.</summary>
    /// <param name="continuousUsage">Ask for usage in every chunk.</param>
    public static bool TryCompose(ReadOnlySpan<byte> body, ChatRequest request, string upstreamModel, bool continuousUsage, PooledBuffer into)
    {
        var model = Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(upstreamModel, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");
        Range replaced = request.StreamOptionsValue ?? request.End..request.End;
        var options = request.Streamed ? StreamOptions(body, request, continuousUsage) : body[replaced].ToArray();
        if (!into.TryReserve(body.Length + model.Length + options.Length))
            return false;
        var modelFirst = request.ModelValue.Start.Value < replaced.Start.Value;
        var (first, firstText) = modelFirst ? (request.ModelValue, model) : (replaced, options);
        var (second, secondText) = modelFirst ? (replaced, options) : (request.ModelValue, model);
        into.Write(body[..first.Start]);
        into.Write(firstText);
        into.Write(body[first.End..second.Start]);
        into.Write(secondText);
        into.Write(body[second.End..]);
        return true;
    }

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
