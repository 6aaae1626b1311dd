using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.GpuWorker.Api;

/// <summary>A refusal in OpenAI's envelope, <c>{"error":{message,type,param,code}}</c>.</summary>
internal sealed record ApiError(
    [property: JsonIgnore] int Status, string Message, string Type, string? Param, string? Code)
{
    private const string CallersFault = "invalid_request_error";

    public static ApiError NotJson { get; } = new(400, "We could not parse the JSON body of your request.", CallersFault, null, null);

    public static ApiError TooLarge { get; } = new(413, "The request body is too large.", CallersFault, null, "request_too_large");

    public static ApiError WrongKey { get; } = new(401, "Incorrect API key provided.", CallersFault, null, "invalid_api_key");

    public static ApiError NotFound { get; } = new(404, "Not Found", CallersFault, null, "not_found");

    public static ApiError Full { get; } = new(503, "The engine's queue is full.", "service_unavailable_error", null, "server_is_overloaded");

    public static ApiError Missing(string name) =>
        new(400, $"Missing required parameter: '{name}'.", CallersFault, name, "missing_required_parameter");

    public static ApiError Unknown(string name) => new(400, $"Unknown parameter: '{name}'.", CallersFault, name, "unknown_parameter");

    public static ApiError WrongType(string name, string expected) =>
        new(400, $"Invalid type for '{name}': expected {expected}.", CallersFault, name, "invalid_type");

    public static ApiError Invalid(string name, string message) => new(400, message, CallersFault, name, "invalid_value");

    public static ApiError UnknownModel(string model) => new(
        404, $"The model `{model}` does not exist or you do not have access to it.", CallersFault, "model", "model_not_found");

    public static ApiError TooLong(string name, int limit, int prompt, int? answer) => new(
        400,
        $"This model's maximum context length is {limit} tokens. However, you requested {prompt + (answer ?? 0)} tokens "
            + $"({prompt} in the {name}, {answer ?? 0} in the completion). Please reduce the length of the {name} or completion.",
        CallersFault,
        name,
        "context_length_exceeded");

    /// <summary>What <c>--fault status</c> answers.</summary>
    public static ApiError Injected(int status) =>
        new(status, "This failure was asked for by a fault.", status < 500 ? CallersFault : "server_error", null, null);

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        return context.Response.WriteAsJsonAsync(new { error = this }, JsonSerializerOptions.Web);
    }

    public IResult ToResult() => Results.Json(new { error = this }, JsonSerializerOptions.Web, statusCode: Status);
}
