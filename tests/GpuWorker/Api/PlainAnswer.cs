using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.GpuWorker.RequestLog;
using Platform.GpuWorker.Serving;

namespace Platform.GpuWorker.Api;

/// <summary>Writes an answer as one JSON document, once its last token is there.</summary>
internal static class PlainAnswer
{
    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <exception cref="OperationCanceledException">The caller left, or the worker stops.</exception>
    public static async Task WriteAsync(Answer answer, Generation generation)
    {
        var end = await generation.NextAsync(answer.Left);
        var usage = answer.UsageOn ? answer.Usage(end) : null;
        var body = answer.Request.Kind == GenerationKind.Chat
            ? Serialize(answer, "chat.completion", usage, new ChatChoice(0, new("assistant", answer.Request.Answer.Text(), null), null, answer.Request.Answer.FinishReason))
            : Serialize(answer, "text_completion", usage, new TextChoice(0, answer.Request.Answer.Text(), null, answer.Request.Answer.FinishReason));
        var response = answer.Context.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        answer.Entry.CachedTokens = end.CachedTokens;
        if (answer.Faults.CutAfter is { } events)
        {
            await response.Body.WriteAsync(body.AsMemory(0, events == 0 ? 0 : body.Length / 2), answer.Left);
            await response.Body.FlushAsync(answer.Left);
            await answer.CutAsync();
            return;
        }
        answer.Left.ThrowIfCancellationRequested();
        answer.Entry.CompletionTokens = end.Tokens;
        answer.Entry.End(RequestOutcome.Finished, StatusCodes.Status200OK);
        await response.Body.WriteAsync(body, answer.Left);
    }

    private static byte[] Serialize<TChoice>(Answer answer, string type, UsageNumbers? usage, TChoice choice) =>
        JsonSerializer.SerializeToUtf8Bytes(new Body<TChoice>(answer.Id, type, answer.Created, answer.Model, [choice], usage), Wire);

    private sealed record Body<TChoice>(
        string Id,
        string Object,
        long Created,
        string Model,
        TChoice[] Choices,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UsageNumbers? Usage);

    private sealed record ChatChoice(int Index, ChatMessage Message, object? Logprobs, string FinishReason);

    private sealed record ChatMessage(string Role, string Content, string? Refusal);

    private sealed record TextChoice(int Index, string Text, object? Logprobs, string FinishReason);
}
