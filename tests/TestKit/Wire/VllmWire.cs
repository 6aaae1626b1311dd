using System.Text.Json.Nodes;

namespace Platform.TestKit.Wire;

/// <summary>What vLLM says in its own way: <c>code</c> is the status as a number and the reason stands in the text alone.</summary>
public static class VllmWire
{
    public static WireError BadRequest { get; } = Error(400, "BadRequestError", null, "Extra data: line 1 column 5 (char 4)");

    public static WireError NotFound(string model) => Error(404, "NotFoundError", "model", $"The model `{model}` does not exist.");

    /// <summary>Since 0.9.</summary>
    public static WireError ContextLength(int limit = 8192, int sent = 8193, int asked = 0) => Error(
        400, "BadRequestError", "input_tokens",
        $"This model's maximum context length is {limit} tokens. However, you requested {asked} output tokens and your prompt contains at least {sent} input tokens, "
        + $"for a total of at least {sent + asked} tokens. Please reduce the length of the input prompt or the number of requested output tokens. (parameter=input_tokens, value={sent})");

    /// <summary>The second wording of the same versions.</summary>
    public static WireError ContextLengthPassed(int limit = 8192, int sent = 7681, int asked = 512) => Error(
        400, "BadRequestError", "input_tokens",
        $"You passed {sent} input tokens and requested {asked} output tokens. However, the model's context length is only {limit} tokens, "
        + $"resulting in a maximum input length of {limit - asked} tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value={sent})");

    /// <summary>Before 0.9: no envelope around the error.</summary>
    public static WireError ContextLengthOld(int limit = 2048, int sent = 2900, int asked = 100) => new(400, WireJson.Bytes(new()
    {
        ["object"] = "error",
        ["message"] = $"This model's maximum context length is {limit} tokens. However, you requested {sent + asked} tokens ({sent} in the messages, {asked} in the completion). "
            + "Please reduce the length of the messages or completion.",
        ["type"] = "BadRequestError",
        ["param"] = null,
        ["code"] = 400,
    }));

    /// <summary><c>POST /tokenize</c>.</summary>
    public static byte[] Tokenize(params int[] tokens) => WireJson.Bytes(new()
    {
        ["count"] = tokens.Length,
        ["max_model_len"] = 8192,
        ["tokens"] = WireJson.Array(tokens.Select(t => (JsonNode)t)),
        ["token_strs"] = null,
    });

    private static WireError Error(int status, string type, string? param, string message) => new(
        status,
        WireJson.Bytes(new() { ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = param, ["code"] = status } }));
}
