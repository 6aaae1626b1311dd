using System.Text.Json.Nodes;
using Platform.TestKit.Streams;

namespace Platform.TestKit.Wire;

/// <summary>Streams: <c>data:</c> alone, one id and time on all chunks, <c>[DONE]</c> at the end.</summary>
public static partial class OpenAiWire
{
    public static SseEvent Done { get; } = SseEvent.OfData("[DONE]");

    /// <summary>Schema <c>CreateChatCompletionStreamResponse</c> for each event but the last.</summary>
    public static IReadOnlyList<SseEvent> ChatEvents(AnswerSample sample, ChatStreamOptions? options = null)
    {
        options ??= new();
        var deltas = Deltas(sample).ToList();
        var chunks = new List<JsonObject>();
        foreach (var delta in deltas)
            chunks.Add(ChatChunk(sample, delta, finish: null));
        chunks.Add(ChatChunk(sample, [], sample.FinishReason));
        return Close(chunks, sample, options);
    }

    /// <summary>The same shape as the plain answer, text in pieces.</summary>
    public static IReadOnlyList<SseEvent> CompletionEvents(AnswerSample sample, ChatStreamOptions? options = null)
    {
        var chunks = sample.Text.Select(t => CompletionChunk(sample, t, finish: null)).Append(CompletionChunk(sample, "", sample.FinishReason));
        return Close([.. chunks], sample, options ?? new());
    }

    /// <summary>An error behind the headers, as OpenRouter, vLLM and others send it; the stream ends with it.</summary>
    public static SseEvent ErrorEvent(WireError error) => SseEvent.OfData(System.Text.Encoding.UTF8.GetString(error.Body));

    private static IEnumerable<JsonObject> Deltas(AnswerSample sample)
    {
        yield return new() { ["role"] = "assistant", ["content"] = sample.Text.Count > 0 ? "" : null, ["refusal"] = null };
        foreach (var piece in sample.Reasoning)
            yield return new() { ["reasoning_content"] = piece };
        foreach (var piece in sample.Text)
            yield return new() { ["content"] = piece };
        for (var i = 0; i < sample.Tools.Count; i++)
        {
            var tool = sample.Tools[i];
            yield return ToolDelta(new()
            {
                ["index"] = i,
                ["id"] = tool.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = tool.Name, ["arguments"] = "" },
            });
            foreach (var piece in tool.ArgumentPieces)
                yield return ToolDelta(new() { ["index"] = i, ["function"] = new JsonObject { ["arguments"] = piece } });
        }
    }

    private static JsonObject ToolDelta(JsonObject call) => new() { ["tool_calls"] = new JsonArray(call) };

    private static JsonObject ChatChunk(AnswerSample sample, JsonObject delta, string? finish) => Chunk(
        "chatcmpl-", "chat.completion.chunk", sample, new() { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish });

    private static JsonObject CompletionChunk(AnswerSample sample, string text, string? finish) => Chunk(
        "cmpl-", "text_completion", sample, new() { ["text"] = text, ["index"] = 0, ["logprobs"] = null, ["finish_reason"] = finish });

    private static JsonObject Chunk(string prefix, string type, AnswerSample sample, JsonObject? choice) => new()
    {
        ["id"] = prefix + sample.Id,
        ["object"] = type,
        ["created"] = sample.Created,
        ["model"] = sample.Model,
        ["system_fingerprint"] = "fp_44709d6fcb",
        ["choices"] = choice is null ? [] : new JsonArray(choice),
    };

    private static List<SseEvent> Close(List<JsonObject> chunks, AnswerSample sample, ChatStreamOptions options)
    {
        for (var i = 0; i < chunks.Count; i++)
        {
            if (options.ContinuousUsage)
                chunks[i]["usage"] = Usage(sample.Usage with { Output = sample.Usage.Output * i / Math.Max(1, chunks.Count - 1) });
            else if (options.IncludeUsage)
                chunks[i]["usage"] = null;
            if (options.Obfuscation)
                chunks[i]["obfuscation"] = Digits(i * 7919 % 10000);
        }
        if (options.IncludeUsage)
        {
            var last = chunks[0].DeepClone().AsObject();
            last["choices"] = new JsonArray();
            last["usage"] = Usage(sample.Usage);
            chunks.Add(last);
        }
        var events = chunks.ConvertAll(WireJson.Data);
        if (options.Done)
            events.Add(Done);
        return events;
    }
}
