using System.Net.Http.Headers;
using Platform.Gateway.Errors;
using Platform.Gateway.Upstream;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// One try at one endpoint, as YARP's transformer: it makes the request's head, and takes over the answer whole, because
/// what reaches the caller, and when, depends on the record being written first. It never throws into YARP once the
/// caller's answer may have begun, since YARP would then clear it.
/// </summary>
internal sealed class Attempt(Exchange exchange, TryClock clock, Relays relays, TimeProvider time) : HttpTransformer
{
    private const string AnthropicPrefix = "anthropic-";

    /// <summary>Anthropic's <c>overloaded_error</c>.</summary>
    private const int Overloaded = 529;

    /// <summary>Null where no answer came.</summary>
    public Outcome? Outcome { get; private set; }

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        MakeHead(exchange, exchange.Leg, proxyRequest);
        return ValueTask.CompletedTask;
    }

    /// <summary>Where a request goes, and what its headers say there.</summary>
    public static void MakeHead(Exchange exchange, Leg leg, HttpRequestMessage request)
    {
        var callers = exchange.Http.Request;
        request.RequestUri = leg.Uri;
        HeaderPolicy.CopyRequest(callers, request, leg.Engine.SpeaksMessages ? null : IsOfNoDialect);
        TracePropagator.PassOn(callers, request);
        SetVersion(request.Headers, leg);
        leg.Destination.Pool.Credential?.Put(request.Headers);
        request.Headers.TryAddWithoutValidation(Arrival.Header, exchange.Arrival.Text);
        request.Content!.Headers.ContentLength = leg.Body.Length;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null)
            Outcome = await TakeAsync(proxyResponse);
        return false;
    }

    /// <summary>What an Anthropic client says in headers is for who speaks as it does.</summary>
    private static bool IsOfNoDialect(string name) => !name.StartsWith(AnthropicPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>What we say anew ourselves, we say in the version that we know, whichever the caller named.</summary>
    private static void SetVersion(HttpRequestHeaders headers, Leg leg)
    {
        if (!leg.Engine.SpeaksMessages || !leg.IsTranslated)
            return;
        headers.Remove(UpstreamCredential.VersionHeader);
        headers.TryAddWithoutValidation(UpstreamCredential.VersionHeader, UpstreamCredential.Version);
    }

    private Task<Outcome> TakeAsync(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentEncoding.Count > 0)
            return Task.FromResult<Outcome>(new Outcome.Failed(ApiErrors.UpstreamFailed));
        return (int)response.StatusCode switch
        {
            >= 200 and < 300 => relays.RelayAsync(exchange, response, clock),
            _ => RefusedAsync(response),
        };
    }

    private async Task<Outcome> RefusedAsync(HttpResponseMessage response)
    {
        var pause = UpstreamPause.Of(response, time.GetUtcNow());
        return (int)response.StatusCode switch
        {
            StatusCodes.Status429TooManyRequests => new Outcome.TryNext(ApiErrors.UpstreamBusy(null), Broke: false, pause),
            Overloaded => new Outcome.TryNext(ApiErrors.UpstreamOverloaded(OverloadedStatus), Broke: false, pause),
            StatusCodes.Status503ServiceUnavailable when pause is not null => new Outcome.TryNext(ApiErrors.UpstreamBusy(null), Broke: false, pause),
            StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout =>
                new Outcome.TryNext(ApiErrors.UpstreamFailed),
            StatusCodes.Status401Unauthorized or StatusCodes.Status407ProxyAuthenticationRequired => new Outcome.Failed(ApiErrors.UpstreamUnauthorized),
            >= 400 and < 500 => await relays.RelayRefusalAsync(exchange, response, clock),
            _ => new Outcome.Failed(ApiErrors.UpstreamFailed),
        };
    }

    /// <summary>Anthropic's clients know its 529; to others it says what a 503 does.</summary>
    private int OverloadedStatus => ErrorShape.Of(exchange.Http) is AnthropicErrors ? Overloaded : StatusCodes.Status503ServiceUnavailable;
}
