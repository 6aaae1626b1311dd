using System.Text.Json.Nodes;
using Platform.TestKit.Streams;

namespace Platform.TestKit.Wire;

/// <summary>
/// Anthropic's Messages API: answers, streams, token counts, models. The shape serves versions 2023-06-01 and 2026-10-21
/// alike: what the newer one adds (<c>stop_details</c>, <c>output_tokens_details</c>) is there for both.
/// </summary>
public static class AnthropicWire
{
    private const string Signature = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds";

    public static byte[] Message(AnswerSample sample) => WireJson.Bytes(Message(sample, Blocks(sample), StopReason(sample), Usage(sample.Usage)));

    /// <summary>
    /// <c>message_start</c>, one block after another, <c>message_delta</c>, <c>message_stop</c>, a ping behind the first
    /// block's start. <c>message_start</c> says one output token, <c>message_delta</c> the sum of all.
    /// </summary>
    public static IReadOnlyList<SseEvent> MessageEvents(AnswerSample sample)
    {
        var events = new List<SseEvent>
        {
            Event("message_start", ("message", Message(sample, [], stop: null, Usage(sample.Usage with { Output = 1 })))),
        };
        var index = 0;
        foreach (var (start, deltas) in StreamedBlocks(sample))
        {
            events.Add(Event("content_block_start", ("index", index), ("content_block", start)));
            if (index == 0)
                events.Add(Ping);
            foreach (var delta in deltas)
                events.Add(Event("content_block_delta", ("index", index), ("delta", delta)));
            events.Add(Event("content_block_stop", ("index", index++)));
        }
        events.Add(Event(
            "message_delta",
            ("delta", new JsonObject { ["stop_reason"] = StopReason(sample), ["stop_sequence"] = null }),
            ("usage", new JsonObject
            {
                ["input_tokens"] = sample.Usage.Uncached,
                ["cache_creation_input_tokens"] = sample.Usage.CacheWrite,
                ["cache_read_input_tokens"] = sample.Usage.CachedInput,
                ["output_tokens"] = sample.Usage.Output,
                ["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = sample.Usage.Reasoning },
            })));
        events.Add(Event("message_stop"));
        return events;
    }

    public static SseEvent Ping { get; } = Event("ping");

    /// <summary>Spaces before the closing brace, as api.anthropic.com pads its events; the JSON means the same.</summary>
    public static SseEvent Padded(SseEvent one, int spaces) => one with { Data = one.Data![..^1] + new string(' ', spaces) + "}" };

    public static byte[] TokenCount(int tokens) => WireJson.Bytes(new() { ["input_tokens"] = tokens });

    public static byte[] Models(params string[] names) => WireJson.Bytes(new()
    {
        ["data"] = WireJson.Array(names.Select(n => new JsonObject { ["type"] = "model", ["id"] = n, ["display_name"] = n, ["created_at"] = "2025-11-24T16:00:00Z" })),
        ["has_more"] = false,
        ["first_id"] = names.FirstOrDefault(),
        ["last_id"] = names.LastOrDefault(),
    });

    private static JsonObject Message(AnswerSample sample, JsonArray content, string? stop, JsonObject usage) => new()
    {
        ["model"] = sample.Model,
        ["id"] = "msg_" + sample.Id,
        ["type"] = "message",
        ["role"] = "assistant",
        ["content"] = content,
        ["stop_reason"] = stop,
        ["stop_sequence"] = null,
        ["stop_details"] = null,
        ["usage"] = usage,
    };

    private static JsonObject Usage(WireUsage usage) => new()
    {
        ["input_tokens"] = usage.Uncached,
        ["cache_creation_input_tokens"] = usage.CacheWrite,
        ["cache_read_input_tokens"] = usage.CachedInput,
        ["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = usage.CacheWrite, ["ephemeral_1h_input_tokens"] = 0 },
        ["output_tokens"] = usage.Output,
        ["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = Math.Min(usage.Reasoning, usage.Output) },
        ["service_tier"] = "standard",
    };

    private static string StopReason(AnswerSample sample) => sample.FinishReason switch
    {
        "tool_calls" => "tool_use",
        "length" => "max_tokens",
        "content_filter" => "refusal",
        _ => "end_turn",
    };

    private static JsonArray Blocks(AnswerSample sample)
    {
        var blocks = new JsonArray();
        if (sample.Reasoning.Count > 0)
            blocks.Add(new JsonObject { ["type"] = "thinking", ["thinking"] = sample.WholeReasoning, ["signature"] = Signature });
        if (sample.Text.Count > 0)
            blocks.Add(new JsonObject { ["type"] = "text", ["text"] = sample.WholeText });
        foreach (var tool in sample.Tools)
            blocks.Add(new JsonObject { ["type"] = "tool_use", ["id"] = ToolId(tool), ["name"] = tool.Name, ["input"] = JsonNode.Parse(tool.Arguments) });
        return blocks;
    }

    private static IEnumerable<(JsonObject Start, IEnumerable<JsonObject> Deltas)> StreamedBlocks(AnswerSample sample)
    {
        if (sample.Reasoning.Count > 0)
        {
            var thoughts = sample.Reasoning.Select(p => new JsonObject { ["type"] = "thinking_delta", ["thinking"] = p });
            yield return (
                new() { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" },
                thoughts.Append(new() { ["type"] = "signature_delta", ["signature"] = Signature }));
        }
        if (sample.Text.Count > 0)
            yield return (new() { ["type"] = "text", ["text"] = "" }, sample.Text.Select(p => new JsonObject { ["type"] = "text_delta", ["text"] = p }));
        foreach (var tool in sample.Tools)
        {
            // The first fragment is empty on the real wire too.
            var pieces = tool.ArgumentPieces.Prepend("").Select(p => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = p });
            yield return (new() { ["type"] = "tool_use", ["id"] = ToolId(tool), ["name"] = tool.Name, ["input"] = new JsonObject() }, pieces);
        }
    }

    private static string ToolId(ToolCallSample tool) => "toolu_" + tool.Id;

    private static SseEvent Event(string type, params (string Name, JsonNode? Value)[] members)
    {
        var json = new JsonObject { ["type"] = type };
        foreach (var (name, value) in members)
            json[name] = value;
        return WireJson.Named(json);
    }
}
