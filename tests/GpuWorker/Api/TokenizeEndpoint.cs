using System.Text.Json;
using Platform.GpuWorker.Options;

namespace Platform.GpuWorker.Api;

/// <summary>vLLM's <c>POST /tokenize</c>: <c>{"prompt"}</c> or <c>{"messages"}</c> to <c>{"count","max_model_len","tokens"}</c>.</summary>
internal static class TokenizeEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext context, WorkerOptions options)
    {
        using var body = await RequestBody.ReadAsync(context);
        if (body.Root is not { ValueKind: JsonValueKind.Object } root)
            return (body.Fault ?? ApiError.NotJson).ToResult();
        var fields = new JsonFields(root);
        if (fields.Text("model") is { } model && model != options.Model)
            return ApiError.UnknownModel(model).ToResult();
        var tokens = new List<int>();
        var fault = fields.Fault;
        if (fields.Member("messages") is { } messages)
            fault ??= PromptReader.Chat(messages, fields.Member("tools"), tokens.Add);
        else if (fields.Member("prompt") is { } prompt)
            fault ??= PromptReader.Completion(prompt, tokens.Add);
        else
            fault ??= ApiError.Missing("prompt");
        return fault?.ToResult() ?? Results.Json(new { count = tokens.Count, max_model_len = options.EffectiveModelLength, tokens });
    }
}
