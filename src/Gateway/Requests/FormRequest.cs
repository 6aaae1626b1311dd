using System.Text;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Requests;

/// <summary>A form of which an endpoint gets another <c>model</c>, what makes its engine count, and nothing else.</summary>
internal sealed record FormRequest : RequestFacts
{
    /// <summary>vLLM's <c>stream_options.include_usage</c>, as forms say it.</summary>
    public const string UsageField = "stream_include_usage";

    private static readonly byte[] True = "true"u8.ToArray();

    /// <summary>In the body, without anything around it.</summary>
    public required Range ModelValue { get; init; }

    /// <summary>The caller wants the count of a stream, where the engine asks.</summary>
    public bool AsksUsage { get; init; }

    /// <summary>The value of <see cref="UsageField"/>; null without one.</summary>
    public Range? UsageValue { get; init; }

    /// <summary>Between two parts, without the line end before it.</summary>
    public required string Delimiter { get; init; }

    /// <summary>Where the first part's delimiter stands.</summary>
    public required int Start { get; init; }

    /// <summary>The first of the files that were asked for.</summary>
    public required Range File { get; init; }

    /// <summary>Each with its head, in their order: what the form says, whatever stands between them.</summary>
    public required IReadOnlyList<Range> Parts { get; init; }

    /// <summary>The count of the stream is one that only we asked for.</summary>
    public bool HidesUsage(EngineProfile engine) => Streamed && !AsksUsage && engine.CountsFormsOnDemand;

    public override RequestBody BodyFor(ReadOnlyMemory<byte> body, string upstreamModel, EngineProfile engine)
    {
        var model = Encoding.UTF8.GetBytes(upstreamModel);
        return HidesUsage(engine)
            ? RequestBody.With(body, ModelValue, model, UsageValue ?? Start..Start, UsageValue is null ? UsagePart() : True)
            : RequestBody.With(body, ModelValue, model);
    }

    private byte[] UsagePart() => Encoding.ASCII.GetBytes($"{Delimiter}\r\nContent-Disposition: form-data; name=\"{UsageField}\"\r\n\r\ntrue\r\n");
}
