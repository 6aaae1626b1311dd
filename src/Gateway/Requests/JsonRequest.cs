using Platform.Gateway.Upstream;

namespace Platform.Gateway.Requests;

/// <summary>A JSON body of which an endpoint gets another <c>model</c> and nothing else. Ranges are byte offsets in the body.</summary>
internal record JsonRequest : RequestFacts
{
    public required BodyShape Shape { get; init; }

    /// <summary>The values of the shape's members, in its order; null where a member is missing.</summary>
    public required Range?[] Values { get; init; }

    /// <summary>The object's closing brace.</summary>
    public int End { get; init; }

    public Range ModelValue => Values[0]!.Value;

    public override RequestBody BodyFor(ReadOnlyMemory<byte> body, string upstreamModel, EngineProfile engine) =>
        RequestBody.With(body, ModelValue, RequestBody.Quoted(upstreamModel));

    public Range? ValueOf(BodyMember member) => Values[Shape.IndexOf(member)];
}
