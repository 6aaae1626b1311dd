using System.Globalization;
using System.Text;
using Platform.Gateway.Forwarding;
using Platform.Gateway.KeptAnswers;

namespace Platform.Gateway.Caching;

/// <summary>What two requests must have in common for one answer to be both's.</summary>
internal static class CacheKey
{
    /// <summary>
    /// The key that was called with, what was asked, by which path and headers, and all that the model is at the moment: where
    /// a target, a pool's engine or an endpoint has changed, an old answer is nobody's.
    /// </summary>
    public static Digest Of(Exchange exchange)
    {
        var request = exchange.Http.Request;
        return Digest.Of(
        [
            exchange.Caller.Tenant.Id.ToString(), exchange.Caller.KeyId.ToString(), exchange.Operation.Name, request.Path.Value ?? "", request.QueryString.Value ?? "",
            ModelOf(exchange), Digest.Of(exchange.Body.Span).ToString(), .. CacheHeaders.Of(request.Headers),
        ]);
    }

    private static string ModelOf(Exchange exchange)
    {
        var (model, snapshot, isolation) = (exchange.Model, exchange.Caller.Snapshot, exchange.Caller.Tenant.Isolation);
        var text = new StringBuilder(256).Append(CultureInfo.InvariantCulture, $"{model.Id}\n{model.Name}\n");
        foreach (var target in model.Targets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{target.PoolId}\t{target.Tier}\t{target.Weight}\t{target.UpstreamModel}\n");
            if (!isolation.Allows(target.PoolId) || !snapshot.Pools.TryGetValue(target.PoolId, out var pool))
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{pool.Engine.Name}\n");
            foreach (var endpoint in pool.Endpoints)
                text.Append(CultureInfo.InvariantCulture, $"{endpoint.Id}\t{endpoint.BaseUrl}\n");
        }
        return text.ToString();
    }
}
