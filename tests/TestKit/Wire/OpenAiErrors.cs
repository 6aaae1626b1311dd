using System.Text.Json.Nodes;

namespace Platform.TestKit.Wire;

/// <summary>OpenAI's refusals (schema <c>ErrorResponse</c>), texts as api.openai.com writes them.</summary>
public static class OpenAiErrors
{
    public static WireError InvalidValue { get; } = Of(
        400, "invalid_request_error", "invalid_value", "tools[0].function.name",
        "Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.");

    public static WireError InvalidKey { get; } = Of(
        401, "invalid_request_error", "invalid_api_key", null,
        "Incorrect API key provided: sk-not-a*****-key. You can find your API key at https://platform.openai.com/account/api-keys.");

    public static WireError Forbidden { get; } = Of(
        403, "invalid_request_error", "model_not_found", null, "Project `proj_sample` does not have access to model `sample-model`");

    public static WireError RateLimited { get; } = Of(
        429, "tokens", "rate_limit_exceeded", null,
        "Rate limit reached for sample-model in organization org-sample on tokens per min (TPM): Limit 200000, Used 170633, Requested 180002. Please try again in 45.19s.");

    public static WireError InsufficientQuota { get; } = Of(
        429, "insufficient_quota", "insufficient_quota", null,
        "You exceeded your current quota, please check your plan and billing details.");

    public static WireError ServerError { get; } = Of(
        500, "server_error", null, null, "The server had an error while processing your request. Sorry about that!");

    public static WireError Overloaded { get; } = Of(
        503, "service_unavailable_error", "server_is_overloaded", null, "The engine is currently overloaded, please try again later.");

    public static WireError UnknownPath { get; } = Of(404, "invalid_request_error", "unknown_url", null, "Invalid URL (POST /v1/unknown)");

    public static WireError ModelNotFound(string model) => Of(
        404, "invalid_request_error", "model_not_found", null, $"The model `{model}` does not exist or you do not have access to it.");

    public static WireError ContextLength(int limit = 128000, int sent = 160008) => Of(
        400, "invalid_request_error", "context_length_exceeded", "messages",
        $"This model's maximum context length is {limit} tokens. However, your messages resulted in {sent} tokens. Please reduce the length of the messages.");

    public static WireError Of(int status, string type, string? code, string? param, string message) => new(
        status,
        WireJson.Bytes(new() { ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = param, ["code"] = code } }));
}
