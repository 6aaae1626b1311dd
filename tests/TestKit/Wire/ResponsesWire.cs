using System.Text.Json.Nodes;
using Platform.TestKit.Streams;

namespace Platform.TestKit.Wire;

/// <summary>OpenAI's Responses API: the answer and its sequence of events, each with its <c>sequence_number</c>; no <c>[DONE]</c>.</summary>
public static class ResponsesWire
{
    /// <summary>Schema <c>Response</c>.</summary>
    public static byte[] Response(AnswerSample sample) => WireJson.Bytes(Response(sample, "completed"));

    /// <summary>Schema <c>ResponseStreamEvent</c> for each; the last one is <c>response.completed</c>, or <c>response.incomplete</c> where the sample ends by its length.</summary>
    public static IReadOnlyList<SseEvent> ResponseEvents(AnswerSample sample)
    {
        var events = new ResponseEvents(sample);
        events.Add("response.created", ("response", Response(sample, "in_progress")));
        events.Add("response.in_progress", ("response", Response(sample, "in_progress")));
        events.AddItems();
        var status = sample.FinishReason == "length" ? "incomplete" : "completed";
        events.Add("response." + status, ("response", Response(sample, status)));
        return events.All;
    }

    /// <summary>A stream that fails on the way: schema <c>ResponseFailedEvent</c> behind the first two events.</summary>
    public static IReadOnlyList<SseEvent> FailedEvents(AnswerSample sample, string code = "server_error", string message = "The model failed.")
    {
        var events = new ResponseEvents(sample);
        events.Add("response.created", ("response", Response(sample, "in_progress")));
        events.Add("response.in_progress", ("response", Response(sample, "in_progress")));
        var failed = Response(sample, "failed");
        failed["error"] = new JsonObject { ["code"] = code, ["message"] = message };
        events.Add("response.failed", ("response", failed));
        return events.All;
    }

    /// <summary>Schema <c>ResponseErrorEvent</c>.</summary>
    public static SseEvent ErrorEvent(int sequenceNumber, string? code, string message) => WireJson.Named(new()
    {
        ["type"] = "error",
        ["code"] = code,
        ["message"] = message,
        ["param"] = null,
        ["sequence_number"] = sequenceNumber,
    });

    /// <summary>Schema <c>TokenCountsResource</c> (<c>POST /v1/responses/input_tokens</c>).</summary>
    public static byte[] InputTokens(int tokens) => WireJson.Bytes(new() { ["object"] = "response.input_tokens", ["input_tokens"] = tokens });

    internal static JsonObject MessageItem(AnswerSample sample, bool done) => new()
    {
        ["id"] = "msg_" + sample.Id,
        ["type"] = "message",
        ["status"] = done ? "completed" : "in_progress",
        ["content"] = done ? new JsonArray(TextPart(sample.WholeText)) : [],
        ["role"] = "assistant",
    };

    internal static JsonObject TextPart(string text) => new() { ["type"] = "output_text", ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray(), ["text"] = text };

    internal static JsonObject ReasoningItem(AnswerSample sample, bool done) => new()
    {
        ["id"] = "rs_" + sample.Id,
        ["type"] = "reasoning",
        ["summary"] = done ? new JsonArray(SummaryPart(sample.WholeReasoning)) : [],
    };

    internal static JsonObject SummaryPart(string text) => new() { ["type"] = "summary_text", ["text"] = text };

    internal static JsonObject CallItem(ToolCallSample tool, bool done) => new()
    {
        ["id"] = "fc_" + tool.Id,
        ["type"] = "function_call",
        ["status"] = done ? "completed" : "in_progress",
        ["arguments"] = done ? tool.Arguments : "",
        ["call_id"] = tool.Id,
        ["name"] = tool.Name,
    };

    private static JsonObject Response(AnswerSample sample, string status)
    {
        var ended = status is "completed" or "incomplete";
        return new()
        {
            ["id"] = "resp_" + sample.Id,
            ["object"] = "response",
            ["created_at"] = sample.Created,
            ["status"] = status,
            ["background"] = false,
            ["completed_at"] = status == "completed" ? sample.Created + 2 : null,
            ["error"] = null,
            ["incomplete_details"] = status == "incomplete" ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["instructions"] = null,
            ["max_output_tokens"] = null,
            ["max_tool_calls"] = null,
            ["model"] = sample.Model,
            ["output"] = ended ? Output(sample) : [],
            ["parallel_tool_calls"] = true,
            ["previous_response_id"] = null,
            ["prompt_cache_key"] = null,
            ["reasoning"] = new JsonObject { ["effort"] = null, ["summary"] = null },
            ["safety_identifier"] = null,
            ["service_tier"] = "default",
            ["store"] = false,
            ["temperature"] = 1.0,
            ["text"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "text" }, ["verbosity"] = "medium" },
            ["tool_choice"] = "auto",
            ["tools"] = new JsonArray(),
            ["top_logprobs"] = 0,
            ["top_p"] = 1.0,
            ["truncation"] = "disabled",
            ["usage"] = ended ? Usage(sample.Usage) : null,
            ["metadata"] = new JsonObject(),
        };
    }

    private static JsonArray Output(AnswerSample sample)
    {
        var output = new JsonArray();
        if (sample.Reasoning.Count > 0)
            output.Add(ReasoningItem(sample, done: true));
        if (sample.Text.Count > 0)
            output.Add(MessageItem(sample, done: true));
        foreach (var tool in sample.Tools)
            output.Add(CallItem(tool, done: true));
        return output;
    }

    private static JsonObject Usage(WireUsage usage) => new()
    {
        ["input_tokens"] = usage.Input,
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CachedInput, ["cache_write_tokens"] = usage.CacheWrite },
        ["output_tokens"] = usage.Output,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
        ["total_tokens"] = usage.Total,
    };
}
