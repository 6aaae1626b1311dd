using Platform.Gateway.Requests;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Dialects.Responses;

/// <summary>What we need of a response's body.</summary>
internal sealed record ResponsesRequest : JsonRequest
{
    private static readonly byte[] False = "false"u8.ToArray();
    private static readonly byte[] StoreFalse = ",\"store\":false"u8.ToArray();

    /// <summary>The value of <c>store</c>; null without one.</summary>
    public Range? StoreValue { get; init; }

    public override RequestBody BodyFor(ReadOnlyMemory<byte> body, string upstreamModel, EngineProfile engine) =>
        RequestBody.With(body, ModelValue, RequestBody.Quoted(upstreamModel), StoreValue ?? End..End, StoreValue is null ? StoreFalse : False);
}
