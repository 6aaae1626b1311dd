using Platform.Contracts.Ids;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Platform.Gateway.Errors;

/// <summary>
/// Every error of the gateway's own, in one place. Where OpenAI has a code for it, that is used; the others are ours:
/// <c>invalid_json</c>, <c>duplicate_member</c>, <c>unsupported_media_type</c>, <c>request_too_large</c>,
/// <c>request_timeout</c>, <c>tenant_suspended</c>, <c>ip_not_allowed</c>, <c>control_unheard</c>, <c>client_certificate_required</c>, <c>client_certificate_rejected</c>, <c>unknown_url</c>, <c>method_not_allowed</c>, <c>not_ready</c>,
/// <c>journal_full</c>, <c>journal_failed</c>, <c>overloaded</c>, <c>shutting_down</c>, <c>internal_error</c>,
/// <c>no_endpoint</c>, <c>upstream_failed</c>, <c>upstream_timeout</c>, <c>upstream_unauthorized</c>,
/// <c>upstream_rejected</c>, <c>answer_too_large</c>, <c>unsupported_operation</c>, <c>unsupported_parameter</c>,
/// <c>ambiguous_request</c>, <c>concurrent_requests_exceeded</c>.
/// </summary>
internal static class ApiErrors
{
    private const string InvalidRequest = "invalid_request_error";
    private const string ServerError = "server_error";

    public static readonly ApiError KeyMissing = new(Status401Unauthorized, InvalidRequest, "invalid_api_key",
        "You didn't provide an API key. Provide it in an Authorization header using Bearer auth (Authorization: Bearer YOUR_KEY).");

    public static readonly ApiError TenantSuspended = new(Status403Forbidden, InvalidRequest, "tenant_suspended",
        "This organization is suspended.");

    public static readonly ApiError IpNotAllowed = new(Status403Forbidden, InvalidRequest, "ip_not_allowed",
        "Requests from this IP address are not allowed.");

    public static readonly ApiError ClientCertificateRequired = new(Status403Forbidden, InvalidRequest, "client_certificate_required",
        "This organization requires a client certificate, and the connection has none.");

    public static readonly ApiError ClientCertificateRejected = new(Status403Forbidden, InvalidRequest, "client_certificate_rejected",
        "The connection's client certificate was not issued by an authority that this organization trusts, or is not valid.");

    /// <summary>The tenant set a bound on how old the configuration may be that its requests are served from.</summary>
    public static readonly ApiError ControlUnheard = new(Status503ServiceUnavailable, ServerError, "control_unheard",
        "The gateway has had no news from its control plane for longer than this organization allows.", Reason: FailureReasons.Us, RetryAfter: "5");

    public static readonly ApiError BodyTooLarge = new(Status413PayloadTooLarge, InvalidRequest, "request_too_large",
        "The request body is too large.", Reason: FailureReasons.Limit);

    public static readonly ApiError BodyTooSlow = new(Status408RequestTimeout, InvalidRequest, "request_timeout",
        "The request body did not arrive in time.");

    public static readonly ApiError BodyBroken = new(Status400BadRequest, InvalidRequest, "invalid_json",
        "The request body ended early or is not well-formed HTTP.");

    /// <summary>As many requests of the key run as may.</summary>
    public static readonly ApiError TooManyAtOnce = new(Status429TooManyRequests, "requests", "concurrent_requests_exceeded",
        "Too many requests with this API key are running at the same time.", Reason: FailureReasons.Limit, RetryAfter: "1");

    public static readonly ApiError NotJson = new(Status400BadRequest, InvalidRequest, "invalid_json",
        "We could not parse the JSON body of your request. The API expects a JSON object.");

    public static readonly ApiError NotJsonType = new(Status400BadRequest, InvalidRequest, "unsupported_media_type",
        "The Content-Type must be application/json, without a Content-Encoding.");

    public static readonly ApiError MethodNotAllowed = new(Status405MethodNotAllowed, InvalidRequest, "method_not_allowed",
        "This method is not allowed for this URL.");

    public static readonly ApiError NotReady = new(Status503ServiceUnavailable, ServerError, "not_ready",
        "The gateway has no configuration yet.", Reason: FailureReasons.Us);

    public static readonly ApiError JournalFull = new(Status503ServiceUnavailable, ServerError, "journal_full",
        "The gateway cannot account for more requests at the moment.", Reason: FailureReasons.Us, RetryAfter: "5");

    public static readonly ApiError JournalFailed = new(Status500InternalServerError, ServerError, "journal_failed",
        "The gateway could not account for this request.", Reason: FailureReasons.Us);

    public static readonly ApiError Overloaded = new(Status503ServiceUnavailable, ServerError, "overloaded",
        "The gateway holds as many requests as it can.", Reason: FailureReasons.Limit, RetryAfter: "1");

    public static readonly ApiError ShuttingDown = new(Status503ServiceUnavailable, ServerError, "shutting_down",
        "The gateway is shutting down.", Reason: FailureReasons.Us);

    public static readonly ApiError Internal = new(Status500InternalServerError, ServerError, "internal_error",
        "The gateway failed to process the request.", Reason: FailureReasons.Us);

    public static readonly ApiError NoEndpoint = new(Status503ServiceUnavailable, ServerError, "no_endpoint",
        "No endpoint serves this model at the moment.", Reason: FailureReasons.Us, RetryAfter: "1");

    public static readonly ApiError UpstreamFailed = new(Status502BadGateway, ServerError, "upstream_failed",
        "The model server failed to answer.", Reason: FailureReasons.Upstream);

    public static readonly ApiError UpstreamTimeout = new(Status504GatewayTimeout, ServerError, "upstream_timeout",
        "The model server did not answer in time.", Reason: FailureReasons.Upstream);

    public static readonly ApiError AnswerTooLarge = new(Status502BadGateway, ServerError, "answer_too_large",
        "The model server's answer is larger than the gateway passes on.", Reason: FailureReasons.Limit, Retry: false);

    /// <summary>The upstream refused our credential: nothing that the caller sent, and not its business.</summary>
    public static readonly ApiError UpstreamUnauthorized = new(Status502BadGateway, ServerError, "upstream_unauthorized",
        "The model server refused the gateway.", Reason: FailureReasons.Upstream, Retry: false);

    /// <summary>Others might read the request in another way than we do.</summary>
    public static ApiError Ambiguous(string why) => new(Status400BadRequest, InvalidRequest, "ambiguous_request",
        $"The request is refused because it can be read in two ways: {why}.");

    public static ApiError KeyInvalid(string key) => new(Status401Unauthorized, InvalidRequest, "invalid_api_key",
        $"Incorrect API key provided: {Masked(key)}.");

    public static ApiError ModelNotFound(string model) => new(Status404NotFound, InvalidRequest, "model_not_found",
        $"The model `{(model.Length <= ModelName.MaxLength ? model : model[..ModelName.MaxLength])}` does not exist or you do not have access to it.");

    /// <summary>There is such a model, but none of the engines behind it does that.</summary>
    public static ApiError NotServed(string model, string route) => new(Status404NotFound, InvalidRequest, "unsupported_operation",
        $"The model `{(model.Length <= ModelName.MaxLength ? model : model[..ModelName.MaxLength])}` does not serve {route}.", "model");

    public static ApiError UnknownUrl(string method, string path) => new(Status404NotFound, InvalidRequest, "unknown_url",
        $"Invalid URL ({method} {path})");

    public static ApiError Missing(string param) => new(Status400BadRequest, InvalidRequest, "missing_required_parameter",
        $"Missing required parameter: '{param}'.", param);

    public static ApiError WrongType(string param, string expected) => new(Status400BadRequest, InvalidRequest, "invalid_type",
        $"Invalid type for '{param}': expected {expected}.", param);

    public static ApiError EmptyArray(string param) => new(Status400BadRequest, InvalidRequest, "empty_array",
        $"Invalid '{param}': empty array. Expected an array with minimum length 1.", param);

    /// <summary>It would be kept, or was kept, where we cannot say whose it is.</summary>
    public static ApiError NotSupported(string param) => new(Status400BadRequest, InvalidRequest, "unsupported_parameter",
        $"The parameter '{param}' is not supported here: nothing is stored between requests.", param);

    /// <summary>The model's server speaks another dialect, which has no word for it.</summary>
    public static ApiError NotTranslated(string param, string why) => new(Status400BadRequest, InvalidRequest, "unsupported_parameter",
        $"The parameter '{param}' cannot be used with this model: {why}.", param);

    /// <summary>In OpenAI's words, which clients look for.</summary>
    /// <param name="least">The fewest tokens that the prompt can be.</param>
    public static ApiError ContextLengthExceeded(int window, long least, string param) => new(Status400BadRequest, InvalidRequest, "context_length_exceeded",
        $"This model's maximum context length is {window} tokens. However, your {param} resulted in at least {least} tokens. Please reduce the length of the {param}.", param);

    /// <summary>The same in Anthropic's words.</summary>
    public static ApiError PromptTooLong(int window, long least) => new(Status400BadRequest, InvalidRequest, "context_length_exceeded",
        $"prompt is too long: at least {least} tokens > {window} maximum", "messages");

    public static ApiError InvalidValue(string param, string why) => new(Status400BadRequest, InvalidRequest, "invalid_value",
        $"Invalid '{param}': {why}.", param);

    /// <summary>An engine might read the other one of the two.</summary>
    public static ApiError Duplicate(string param) => new(Status400BadRequest, InvalidRequest, "duplicate_member",
        $"The member '{param}' occurs more than once.", param);

    /// <summary>An upstream's 4xx without OpenAI's error object.</summary>
    public static ApiError UpstreamRejected(int status) => new(status, InvalidRequest, "upstream_rejected",
        "The model server rejected the request.", Reason: FailureReasons.Upstream);

    /// <summary>An endpoint's own refusal, said anew where the caller speaks another dialect.</summary>
    public static ApiError UpstreamSaid(int status, string message, string? param = null, string? code = null) => new(
        status, status >= 500 ? ServerError : InvalidRequest, code ?? "upstream_rejected", message, param, FailureReasons.Upstream);

    /// <summary>Anthropic's 529, which its own clients know and no others.</summary>
    public static ApiError UpstreamOverloaded(int status) => new(status, ServerError, "server_is_overloaded",
        "The model is overloaded. Please try again later.", Reason: FailureReasons.Upstream);

    /// <summary>Every endpoint tried said 429.</summary>
    public static ApiError UpstreamBusy(string? retryAfter) => new(Status429TooManyRequests, ServerError, "slow_down",
        "The model is overloaded. Please try again later.", Reason: FailureReasons.Upstream, RetryAfter: retryAfter);

    /// <summary>At most the first 7 and the last 4 characters, and never more than half of it.</summary>
    internal static string Masked(string key) =>
        key.Length < 22 ? new string('*', Math.Min(key.Length, 12)) : $"{key[..7]}*****{key[^4..]}";
}
