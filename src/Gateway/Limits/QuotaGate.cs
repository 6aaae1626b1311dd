using Platform.Gateway.Caching;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Limits;

/// <summary>
/// Lets a request through that all its quotas have room for, and refuses it whole if not. Whatever runs after it runs once
/// for the request: other tries reserve nothing.
/// </summary>
internal sealed class QuotaGate(Quotas quotas, IQuotaWindows windows, CacheGate next, GatewayMetrics metrics)
{
    public Task AnswerAsync(Exchange exchange)
    {
        if (quotas.Of(exchange) is not { } use)
            return next.AnswerAsync(exchange);
        exchange.Quotas = use;
        var reserving = use.ReserveAsync(windows, quotas.AskOf(exchange));
        if (!reserving.IsCompletedSuccessfully)
            return WaitAsync(exchange, reserving);
        return reserving.Result is { } refusal ? RefuseAsync(exchange, refusal) : next.AnswerAsync(exchange);
    }

    private async Task WaitAsync(Exchange exchange, ValueTask<QuotaRefusal?> reserving)
    {
        if (await reserving is { } refusal)
            await RefuseAsync(exchange, refusal);
        else
            await next.AnswerAsync(exchange);
    }

    private async Task RefuseAsync(Exchange exchange, QuotaRefusal refusal)
    {
        var error = QuotaErrors.Of(refusal, exchange);
        metrics.Rejected(error.Reason, error.Code ?? "", exchange.Caller.Tenant.Slug);
        await ApiErrorWriter.WriteAsync(exchange.Http, error);
    }
}
