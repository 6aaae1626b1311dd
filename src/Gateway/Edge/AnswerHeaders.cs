using System.Globalization;
using Platform.Gateway.Authentication;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Limits;

namespace Platform.Gateway.Edge;

/// <summary>
/// The one place where an answer gets the gateway's own headers, as it begins and whoever makes it: nothing that an upstream
/// sent, and nothing that was kept of another answer, can stand in their place.
/// </summary>
internal sealed class AnswerHeaders
{
    public const string Reason = "x-gateway-reason";
    public const string Model = "x-gateway-model";
    public const string Endpoint = "x-gateway-endpoint";

    /// <summary>Anthropic's name for <see cref="Arrival.Header"/>.</summary>
    private const string AnthropicRequestId = "request-id";

    private const string AnthropicOrganization = "anthropic-organization-id";
    private const string OpenAiOrganization = "openai-organization";
    private const string OpenAiTime = "openai-processing-ms";
    private const string RetryAfterMilliseconds = "retry-after-ms";
    private const string ShouldRetry = "x-should-retry";

    private readonly EdgeSettings _settings;
    private readonly Quotas _quotas;
    private readonly TimeProvider _time;
    private readonly Func<object, Task> _put;

    public AnswerHeaders(EdgeSettings settings, Quotas quotas, TimeProvider time) =>
        (_settings, _quotas, _time, _put) = (settings, quotas, time, PutAsync);

    /// <summary>Who failed, and whether and when to ask again: official clients obey <c>x-should-retry</c> before all else.</summary>
    public static void Put(IHeaderDictionary headers, ApiError error)
    {
        headers[Reason] = error.Reason;
        headers[ShouldRetry] = error.ShouldRetry ? "true" : "false";
        if (error.RetryAfter is not { } seconds)
            return;
        headers.RetryAfter = seconds;
        headers[RetryAfterMilliseconds] = error.RetryAfterMilliseconds;
    }

    /// <summary>Sees to it that the answer gets them when it begins.</summary>
    public void Await(HttpContext context) => context.Response.OnStarting(_put, context);

    private Task PutAsync(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        var arrival = Arrival.Of(context);
        var isAnthropic = ErrorShape.Of(context) is AnthropicErrors;
        headers[Arrival.Header] = arrival.Text;
        if (isAnthropic)
            headers[AnthropicRequestId] = arrival.Text;
        if (Strangers.LeavesBody(context))
            headers.Connection = "close";
        if (context.Features.Get<Caller>() is not { } caller)
            return Task.CompletedTask;
        PutCaller(headers, caller, arrival, isAnthropic);
        if (context.Features.Get<Exchange>() is not { } exchange)
            return Task.CompletedTask;
        PutWay(headers, exchange, caller.Tenant.Traffic.ShowGatewayHeaders ?? _settings.ShowGatewayHeaders);
        if ((exchange.Quotas ?? _quotas.Of(exchange)) is { } use)
            QuotaHeaders.Put(headers, use, _time.GetUtcNow(), isAnthropic);
        return Task.CompletedTask;
    }

    /// <summary>An answer that was kept may have them from before they were hidden.</summary>
    private static void PutWay(IHeaderDictionary headers, Exchange exchange, bool shown)
    {
        if (!shown)
        {
            headers.Remove(Model);
            headers.Remove(Endpoint);
            return;
        }
        headers[Model] = exchange.Model.Name.Value;
        if (exchange.Tries > 0)
            headers[Endpoint] = exchange.Leg.Destination.Endpoint.Id.ToString();
    }

    private void PutCaller(IHeaderDictionary headers, Caller caller, Arrival arrival, bool isAnthropic)
    {
        // What no header can hold would end the answer.
        if (!caller.Tenant.Slug.AsSpan().ContainsAnyExceptInRange('!', '~'))
            headers[isAnthropic ? AnthropicOrganization : OpenAiOrganization] = caller.Tenant.Slug;
        if (!isAnthropic)
            headers[OpenAiTime] = ((long)_time.GetElapsedTime(arrival.Timestamp).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
    }
}
