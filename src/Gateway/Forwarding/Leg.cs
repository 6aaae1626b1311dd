using Platform.Gateway.Answers;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;
using Platform.Gateway.Routing;
using Platform.Gateway.Translation;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Forwarding;

/// <summary>How one try is made: where it goes, what is sent there, and how the answer is read. What is sent lives as long.</summary>
internal sealed record Leg(Destination Destination, Uri Uri, RequestBody Body, AnswerCodec Codec) : IDisposable
{
    /// <summary>So many times as long a body may be in another dialect; what there is in it is always less.</summary>
    private const int MostGrowth = 4;

    private const int LeastBound = 64 * 1024;

    private BudgetedBuffer? _translated;

    public EngineProfile Engine => Destination.Pool.Engine;

    /// <summary>What is sent was said anew, in another dialect than the caller's.</summary>
    public bool IsTranslated => _translated is not null;

    /// <summary>For what of the answer is kept for a while.</summary>
    public required BufferBudget Budget { get; init; }

    /// <summary>What the endpoint's dialect has no word for; null where nothing was left out.</summary>
    public string? Dropped { get; private init; }

    /// <summary>The destination's engine serves the operation: the router offers no other. An error where it cannot be asked this.</summary>
    public static Result<Leg> Of(Exchange exchange, Destination destination)
    {
        var engine = destination.Pool.Engine;
        var route = engine.Routes[exchange.Operation.Name];
        var uri = destination.Endpoint.UriOf(route);
        return route.Translation is { } translation
            ? Translated(exchange, destination, uri, translation, new(exchange.Buffers, Math.Max(LeastBound, (long)exchange.Body.Length * MostGrowth)))
            : new Leg(destination, uri, exchange.Facts.BodyFor(exchange.Body, destination.UpstreamModel, engine), exchange.Operation.Answers) { Budget = exchange.Buffers };
    }

    public void Dispose() => _translated?.Dispose();

    private static Result<Leg> Translated(Exchange exchange, Destination destination, Uri uri, Translator translator, BudgetedBuffer buffer)
    {
        var findings = new Findings();
        var error = translator.Write(new(exchange.Body, destination.UpstreamModel, destination.Pool.Engine), buffer, findings);
        if (error is null && !buffer.IsOver)
            return new Leg(destination, uri, new(buffer.Written), translator.Answers) { Budget = exchange.Buffers, _translated = buffer, Dropped = findings.ToHeader() };
        buffer.Dispose();
        return error ?? ApiErrors.Overloaded;
    }
}
