using System.Collections.Frozen;
using Platform.Contracts.Usage;
using Platform.Gateway.Routing;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Forwarding;

/// <summary>Which requests have a second try beside the first, when that is silent for long: those whose model asks for it.</summary>
internal sealed class Hedges(
    UpstreamClients clients, Router router, UsageMeter meter, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>The others are paid by the piece, or are large: both tries would be paid for.</summary>
    private static readonly FrozenSet<string> Covered = new[]
    {
        Operations.Chat, Operations.Completion, Operations.Embeddings, Operations.Responses, Operations.Messages, Operations.CountTokens,
        Operations.Rerank, Operations.Score, Operations.Moderation, Operations.Tokenize, Operations.CountInput,
    }.ToFrozenSet(StringComparer.Ordinal);

    public UpstreamClients Clients => clients;

    public Router Router => router;

    public TimeProvider Time => time;

    public static bool Covers(string operation) => Covered.Contains(operation);

    /// <summary>For the next try of a request; null where it has none.</summary>
    public Hedge? For(Exchange exchange, RequestRoute route) =>
        exchange.Policy.HedgeAfter is { } after && exchange.Tries + 2 <= router.MaxTries && Covers(exchange.Operation.Name)
            ? new(this, exchange, route, after)
            : null;

    /// <summary>Of the same tier, since a later one is for failures; null where there is none, or where no budget is left.</summary>
    public Leg? TryTake(Exchange exchange, RequestRoute route)
    {
        if (route.NextOfTier() is not { } destination || Leg.Of(exchange, destination).Value is not { } leg)
            return null;
        if (router.TryRetry(exchange.Model))
        {
            metrics.Hedged(meter.SeriesOf(exchange));
            return leg;
        }
        leg.Dispose();
        return null;
    }
}
