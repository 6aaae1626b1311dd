using Platform.Gateway.Answers;
using Platform.Gateway.Requests;
using Platform.Gateway.Routing;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Forwarding;

/// <summary>How one try is made: where it goes, what is sent there, and how the answer is read.</summary>
internal sealed record Leg(Destination Destination, Uri Uri, RequestBody Body, AnswerCodec Codec)
{
    public EngineProfile Engine => Destination.Pool.Engine;

    /// <summary>The destination's engine serves the operation: the router offers no other.</summary>
    public static Leg Of(Exchange exchange, Destination destination)
    {
        var engine = destination.Pool.Engine;
        return new(
            destination,
            destination.Endpoint.UriOf(engine.Routes[exchange.Operation.Name]),
            exchange.Facts.BodyFor(exchange.Body, destination.UpstreamModel, engine),
            exchange.Operation.Answers);
    }
}
