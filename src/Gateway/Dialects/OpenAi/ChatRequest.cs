using System.Text;
using Platform.Gateway.Requests;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Dialects.OpenAi;

/// <summary>What we need of a chat completion's body. Ranges are byte offsets in it.</summary>
internal sealed record ChatRequest : RequestFacts
{
    /// <summary>The model's JSON string, quotes included.</summary>
    public required Range ModelValue { get; init; }

    public bool IncludeUsage { get; init; }

    public bool ContinuousUsage { get; init; }

    /// <summary>The value of <c>stream_options</c>; null without one.</summary>
    public Range? StreamOptionsValue { get; init; }

    /// <summary>Members of <c>stream_options</c> that we do not read, name and value.</summary>
    public IReadOnlyList<Range> OtherStreamOptions { get; init; } = [];

    /// <summary>The object's closing brace.</summary>
    public int End { get; init; }

    public override RequestBody BodyFor(ReadOnlyMemory<byte> body, string upstreamModel, EngineProfile engine) =>
        Streamed
            ? RequestBody.With(
                body, ModelValue, RequestBody.Quoted(upstreamModel),
                StreamOptionsValue ?? End..End, StreamOptions(body.Span, engine.CountsContinuously))
            : RequestBody.With(body, ModelValue, RequestBody.Quoted(upstreamModel));

    /// <summary>The value of <c>stream_options</c>, with its name where the caller had none.</summary>
    private byte[] StreamOptions(ReadOnlySpan<byte> body, bool continuousUsage)
    {
        var text = new StringBuilder(StreamOptionsValue is null ? ",\"stream_options\":" : "");
        text.Append("{\"include_usage\":true");
        if (continuousUsage || ContinuousUsage)
            text.Append(",\"continuous_usage_stats\":true");
        foreach (var other in OtherStreamOptions)
            text.Append(',').Append(Encoding.UTF8.GetString(body[other]));
        return Encoding.UTF8.GetBytes(text.Append('}').ToString());
    }
}
