using Platform.Contracts.Ids;

namespace Platform.Gateway.Errors;

/// <summary>
/// Anthropic's: <c>{"type":"error","error":{"type":...,"message":...},"request_id":...}</c>, in streams as event
/// <c>error</c>. The type follows from the status, as Anthropic's documentation of errors has it.
/// </summary>
internal sealed class AnthropicErrors : ErrorShape
{
    public static readonly AnthropicErrors Shape = new();

    private static readonly byte[] Ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n"u8.ToArray();

    public override ReadOnlyMemory<byte> SignOfLife => Ping;

    public override byte[] Body(ApiError error, RequestId id) => Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", TypeOf(error.Status));
        json.WriteString("message", error.Message);
        json.WriteEndObject();
        json.WriteString("request_id", id.ToString());
        json.WriteEndObject();
    });

    public override byte[] Event(ApiError error, RequestId id, long sequence) => [.. "event: error\ndata: "u8, .. Body(error, id), .. "\n\n"u8];

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status402PaymentRequired => "billing_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status404NotFound => "not_found_error",
        StatusCodes.Status413PayloadTooLarge => "request_too_large",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        StatusCodes.Status503ServiceUnavailable or 529 => "overloaded_error",
        StatusCodes.Status504GatewayTimeout => "timeout_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
