using System.Text;
using System.Text.Json.Nodes;
using Platform.TestKit.Streams;

namespace Platform.TestKit.Wire;

/// <summary>Anthropic's refusals: <c>{"type":"error","error":{"type","message"},"request_id"}</c>.</summary>
public static class AnthropicErrors
{
    public static WireError InvalidRequest { get; } = Of(400, "invalid_request_error", "messages: at least one message is required");

    public static WireError PromptTooLong { get; } = Of(400, "invalid_request_error", "prompt is too long: 215000 tokens > 200000 maximum");

    public static WireError Authentication { get; } = Of(401, "authentication_error", "invalid x-api-key");

    public static WireError Billing { get; } = Of(402, "billing_error", "Your credit balance is too low to access the Anthropic API.");

    public static WireError Permission { get; } = Of(403, "permission_error", "Your API key does not have permission to use the specified resource.");

    public static WireError TooLarge { get; } = Of(413, "request_too_large", "Request exceeds the maximum size");

    public static WireError RateLimited { get; } = Of(429, "rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute.");

    public static WireError Internal { get; } = Of(500, "api_error", "Internal server error");

    public static WireError Timeout { get; } = Of(504, "timeout_error", "The request timed out.");

    public static WireError Overloaded { get; } = Of(529, "overloaded_error", "Overloaded");

    public static WireError ModelNotFound(string model) => Of(404, "not_found_error", $"model: {model}");

    /// <summary>The same error in the middle of a stream.</summary>
    public static SseEvent ToEvent(WireError error) => new("error", Encoding.UTF8.GetString(error.Body));

    public static WireError Of(int status, string type, string message) => new(status, WireJson.Bytes(new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = type, ["message"] = message },
        ["request_id"] = "req_011CSHoEeqs5C35K2UUqR7Fy",
    }))
    {
        Headers = [("request-id", "req_011CSHoEeqs5C35K2UUqR7Fy")],
    };
}
