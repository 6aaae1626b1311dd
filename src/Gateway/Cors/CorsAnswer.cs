using Platform.Gateway.Configuration;

namespace Platform.Gateway.Cors;

/// <summary>
/// What the answer to a page's request says of CORS (Fetch standard, 3.2). It is written when the answer begins, so that it
/// is there whatever becomes of the request, as a stream or as an error.
/// </summary>
internal sealed class CorsAnswer(HttpContext context, string origin)
{
    /// <summary>All that a page may read besides the body; the browser's own list has none of ours.</summary>
    private const string Exposed =
        "x-request-id, x-gateway-reason, x-gateway-dropped, x-gateway-model, x-gateway-endpoint, x-gateway-cache, x-gateway-idempotency, "
        + "x-gateway-original-request-id, retry-after, retry-after-ms, x-should-retry, x-ratelimit-limit-requests, x-ratelimit-limit-tokens, "
        + "x-ratelimit-remaining-requests, x-ratelimit-remaining-tokens, x-ratelimit-reset-requests, x-ratelimit-reset-tokens, "
        + "anthropic-ratelimit-requests-limit, anthropic-ratelimit-requests-remaining, anthropic-ratelimit-requests-reset, "
        + "anthropic-ratelimit-tokens-limit, anthropic-ratelimit-tokens-remaining, anthropic-ratelimit-tokens-reset, "
        + "openai-processing-ms, openai-organization, openai-version, idempotent-replayed";

    private TenantModel? _tenant;

    /// <summary>To be called before anything is answered.</summary>
    public static void Begin(HttpContext context, string origin)
    {
        var answer = new CorsAnswer(context, origin);
        context.Features.Set(answer);
        context.Response.OnStarting(static state => ((CorsAnswer)state).Write(), answer);
    }

    /// <summary>Whose key it is that the page has; without a tenant the answer is not for pages.</summary>
    public static void Tell(HttpContext context, TenantModel tenant)
    {
        if (context.Request.Headers.Origin.Count > 0 && context.Features.Get<CorsAnswer>() is { } answer)
            answer._tenant = tenant;
    }

    private Task Write()
    {
        var headers = context.Response.Headers;
        headers.Append("vary", "origin");
        if (_tenant?.Traffic is not { } traffic || !(traffic.AllowsAnyOrigin || traffic.Origins.Contains(origin)))
            return Task.CompletedTask;
        headers.AccessControlAllowOrigin = traffic.AllowsAnyOrigin ? WebOrigin.Any : origin;
        headers.AccessControlExposeHeaders = Exposed;
        return Task.CompletedTask;
    }
}
