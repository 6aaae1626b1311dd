namespace Platform.Gateway.Forwarding;

/// <summary>The ways in which an answer goes to its caller.</summary>
internal sealed class Relays(StreamRelay streams, PlainRelay plain, BytesRelay bytes)
{
    private const string EventStream = "text/event-stream";

    /// <summary>For a 2xx.</summary>
    public Task<Outcome> RelayAsync(Exchange exchange, HttpResponseMessage response, TryClock clock) =>
        (int)response.StatusCode == StatusCodes.Status200OK && response.Content.Headers.ContentType?.MediaType == EventStream
            ? streams.RelayAsync(exchange, response, clock)
        : exchange.Leg.Codec.PassesBytes
            ? bytes.RelayAsync(exchange, response, clock)
        : plain.RelayAsync(exchange, response, clock);

    /// <summary>For a 4xx that is the caller's.</summary>
    public Task<Outcome> RelayRefusalAsync(Exchange exchange, HttpResponseMessage response, TryClock clock) =>
        plain.RelayRefusalAsync(exchange, response, clock);
}
